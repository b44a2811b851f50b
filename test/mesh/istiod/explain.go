package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"istio.io/istio/pilot/pkg/model"
	core "istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/config/validation/envoyfilter"
	"istio.io/istio/pkg/test"
)

// explain answers what istiod sends to each proxy, and which resources each further EnvoyFilter changes.
func explain(request Request, response *Response) error {
	for _, raw := range request.Validate {
		response.Validation = append(response.Validation, validate(raw))
	}
	if len(request.Proxies) == 0 {
		return nil
	}
	opts, refused, err := options(request)
	if err != nil {
		return err
	}
	response.Refused = refused
	var failed error
	wrapped := test.Wrap(func(t test.Failer) {
		server := xds.NewFakeDiscoveryServer(t, opts)
		failed = explainOn(server, request, response)
	})
	if failed != nil {
		return failed
	}
	return wrapped
}

func explainOn(server *xds.FakeDiscoveryServer, request Request, response *Response) error {
	before, err := dump(server, request.Proxies)
	if err != nil {
		return err
	}
	for _, key := range before.order {
		response.Base = append(response.Base, before.resource(key))
	}
	response.Steps = make([][]Resource, 0, len(request.Steps))
	for _, raw := range request.Steps {
		if err := put(server, raw); err != nil {
			return err
		}
		after, err := dump(server, request.Proxies)
		if err != nil {
			return err
		}
		response.Steps = append(response.Steps, changes(before, after))
		before = after
	}
	return nil
}

// validate is what the admission webhook would say.
func validate(raw json.RawMessage) Validation {
	cfg, err := parseConfig(raw)
	if err != nil {
		return Validation{Error: err.Error()}
	}
	warning, err := envoyfilter.ValidateEnvoyFilter(cfg)
	result := Validation{}
	if err != nil {
		result.Error = err.Error()
	}
	if warning != nil {
		result.Warnings = append(result.Warnings, warning.Error())
	}
	return result
}

func put(server *xds.FakeDiscoveryServer, raw json.RawMessage) error {
	cfg, err := parseConfig(raw)
	if err != nil {
		return err
	}
	if cfg.GroupVersionKind != gvk.EnvoyFilter {
		return fmt.Errorf("a step must be an EnvoyFilter, not %s", cfg.GroupVersionKind.Kind)
	}
	store := server.Store()
	if old := store.Get(cfg.GroupVersionKind, cfg.Name, cfg.Namespace); old != nil {
		cfg.ResourceVersion = old.ResourceVersion
		_, err = store.Update(cfg)
	} else {
		_, err = store.Create(cfg)
	}
	return err
}

type key struct{ proxy, kind, name string }

// Snapshot is everything sent to all proxies. A resource that is sent twice gets a second name with a number,
// because a duplicate is a fault that must stay visible.
type Snapshot struct {
	order  []key
	values map[key][]byte
}

func (s *Snapshot) add(proxy, kind, name string, value []byte) {
	k := key{proxy, kind, name}
	for n := 2; s.values[k] != nil; n++ {
		k.name = fmt.Sprintf("%s (%d)", name, n)
	}
	s.order = append(s.order, k)
	s.values[k] = value
}

func (s *Snapshot) resource(k key) Resource {
	return Resource{Proxy: k.proxy, Kind: k.kind, Name: k.name, Value: s.values[k]}
}

func changes(before, after *Snapshot) []Resource {
	changed := []Resource{}
	for _, k := range after.order {
		if !bytes.Equal(before.values[k], after.values[k]) {
			changed = append(changed, after.resource(k))
		}
	}
	for _, k := range before.order {
		if after.values[k] == nil {
			changed = append(changed, Resource{Proxy: k.proxy, Kind: k.kind, Name: k.name})
		}
	}
	return changed
}

func dump(server *xds.FakeDiscoveryServer, proxies []Proxy) (*Snapshot, error) {
	push := model.NewPushContext()
	push.InitContext(server.Env(), nil, nil)
	generator := core.NewConfigGenerator(&model.DisabledCache{})
	snapshot := &Snapshot{values: map[key][]byte{}}
	for _, proxy := range proxies {
		p := connect(server, push, proxy)
		var extensions []string
		for _, listener := range generator.BuildListeners(p, push) {
			value, err := render(listener)
			if err != nil {
				return nil, err
			}
			snapshot.add(proxy.ID, "listener", listener.Name, value)
			extensions = append(extensions, discovered(listener)...)
		}
		clusters, _ := generator.BuildClusters(p, &model.PushRequest{Push: push})
		for _, cluster := range clusters {
			value, err := renderAny(cluster.Resource)
			if err != nil {
				return nil, err
			}
			snapshot.add(proxy.ID, "cluster", cluster.Name, value)
		}
		for _, config := range generator.BuildExtensionConfiguration(p, push, extensions, nil) {
			value, err := render(config)
			if err != nil {
				return nil, err
			}
			snapshot.add(proxy.ID, "extension", config.Name, value)
		}
	}
	return snapshot, nil
}

// connect does what istiod does when a proxy opens its stream.
func connect(server *xds.FakeDiscoveryServer, push *model.PushContext, proxy Proxy) *model.Proxy {
	p := &model.Proxy{
		Type:            model.NodeType(proxy.Type),
		ID:              proxy.ID,
		ConfigNamespace: proxy.Namespace,
		DNSDomain:       proxy.Namespace + ".svc.cluster.local",
		IPAddresses:     []string{proxy.Address},
		Labels:          proxy.Labels,
		IstioVersion:    model.ParseIstioVersion(proxy.IstioVersion),
		Metadata: &model.NodeMetadata{
			IstioVersion:     proxy.IstioVersion,
			Namespace:        proxy.Namespace,
			ClusterID:        "Kubernetes",
			Labels:           proxy.Labels,
			InterceptionMode: model.InterceptionRedirect,
		},
	}
	p.SetSidecarScope(push)
	p.SetServiceTargets(server.Env().ServiceDiscovery)
	p.SetGatewaysForProxy(push)
	p.DiscoverIPMode()
	return p
}
