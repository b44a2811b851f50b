package main

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	wrappers "google.golang.org/protobuf/types/known/wrapperspb"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/mesh"
)

// meshConfig is the default one without what a stock Envoy cannot load (Istio's own telemetry extensions).
func meshConfig(request Request) *meshconfig.MeshConfig {
	m := mesh.DefaultMeshConfig()
	m.RootNamespace = request.RootNamespace
	m.EnableAutoMtls = wrappers.Bool(request.AutoMTLS)
	m.DefaultProviders = &meshconfig.MeshConfig_DefaultProviders{}
	m.ExtensionProviders = nil
	m.EnablePrometheusMerge = wrappers.Bool(false)
	m.ProtocolDetectionTimeout = durationpb.New(0)
	return m
}

// options splits the objects between the fake API server and Istio's configuration store. Objects that Istio's admission
// refuses would never be in a cluster: they are left out, and the second result says so.
func options(request Request) (xds.FakeOptions, []string, error) {
	var kubernetes []string
	var configs []config.Config
	var refused []string
	for _, raw := range request.Objects {
		var meta struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
			Metadata   struct {
				Name      string `json:"name"`
				Namespace string `json:"namespace"`
			} `json:"metadata"`
		}
		if err := json.Unmarshal(raw, &meta); err != nil {
			return xds.FakeOptions{}, nil, err
		}
		if !isIstioConfig(meta.APIVersion) {
			kubernetes = append(kubernetes, string(raw))
			continue
		}
		parsed, err := parseConfig(raw)
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s %s/%s: %v", meta.Kind, meta.Metadata.Namespace, meta.Metadata.Name, err))
			continue
		}
		configs = append(configs, parsed)
	}
	return xds.FakeOptions{
		KubernetesObjectString: strings.Join(kubernetes, "\n---\n"),
		Configs:                configs,
		MeshConfig:             meshConfig(request),
	}, refused, nil
}

func isIstioConfig(apiVersion string) bool {
	group, _, _ := strings.Cut(apiVersion, "/")
	return strings.HasSuffix(group, ".istio.io") || group == "gateway.networking.k8s.io"
}

// epoch gives every object the same age, so that order falls to priority and name, as it does in a new cluster.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func parseConfig(raw json.RawMessage) (config.Config, error) {
	parsed, unknown, err := crd.ParseInputs(string(raw))
	if err != nil {
		return config.Config{}, err
	}
	if len(parsed) != 1 {
		return config.Config{}, fmt.Errorf("not a kind that istiod reads: %v", unknown)
	}
	// What istiod's own store of CRDs sets: without it short host names stay short.
	parsed[0].Domain = constants.DefaultClusterLocalDomain
	if parsed[0].CreationTimestamp.IsZero() {
		parsed[0].CreationTimestamp = epoch
	}
	return parsed[0], nil
}

func listenUnix(path string) func() (net.Listener, error) {
	return func() (net.Listener, error) { return openSocket(path) }
}
