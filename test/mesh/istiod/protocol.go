package main

import "encoding/json"

// Request is one line of stdin.
type Request struct {
	Op string `json:"op"` // explain, serve, close
	// Mesh names a served mesh, for close.
	Mesh          string `json:"mesh"`
	RootNamespace string `json:"rootNamespace"`
	// AutoMTLS is Istio's enableAutoMtls: clients use TLS to pods labelled security.istio.io/tlsMode=istio.
	AutoMTLS bool `json:"autoMtls"`
	// Objects is the cluster: Kubernetes and Istio objects, all fields as an API server would have them.
	Objects []json.RawMessage `json:"objects"`
	// Steps are EnvoyFilters applied one after the other on top of Objects; one with a known name replaces it.
	Steps []json.RawMessage `json:"steps"`
	// Validate are EnvoyFilters to put through Istio's own admission, as they would be applied.
	Validate []json.RawMessage `json:"validate"`
	Proxies  []Proxy           `json:"proxies"`
	// Socket is the Unix socket to serve ADS on.
	Socket string `json:"socket"`
}

// Proxy is what a pod's sidecar, or a gateway, tells istiod about itself.
type Proxy struct {
	ID           string            `json:"id"` // <pod>.<namespace>
	Type         string            `json:"type"`
	Namespace    string            `json:"namespace"`
	Address      string            `json:"address"`
	Labels       map[string]string `json:"labels"`
	IstioVersion string            `json:"istioVersion"`
}

// Response is one line of stdout.
type Response struct {
	Error      string       `json:"error,omitempty"`
	Validation []Validation `json:"validation,omitempty"`
	// Refused are objects that Istio's admission would not let in, and why.
	Refused []string `json:"refused,omitempty"`
	// Base is everything istiod sends without any step.
	Base []Resource `json:"base,omitempty"`
	// Steps holds, for each step, the resources that differ from the step before.
	Steps [][]Resource `json:"steps,omitempty"`
}

// Validation is what Istio's admission says of one EnvoyFilter.
type Validation struct {
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Resource is one listener, cluster or extension config of one proxy. Value is null when it is gone.
type Resource struct {
	Proxy string          `json:"proxy"`
	Kind  string          `json:"kind"` // listener, cluster, extension
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}
