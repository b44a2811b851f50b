package main

import (
	"bytes"
	"encoding/json"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

var printer = protojson.MarshalOptions{UseProtoNames: true}

// render prints a message as JSON. protojson varies its white space on purpose; compacted, equal messages print equal.
func render(message proto.Message) ([]byte, error) {
	raw, err := printer.Marshal(message)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	return compact.Bytes(), nil
}

func renderAny(any *anypb.Any) ([]byte, error) {
	message, err := any.UnmarshalNew()
	if err != nil {
		return nil, err
	}
	return render(message)
}

// discovered lists the extension configs that network filters of a listener fetch by name (ECDS).
func discovered(listener *listenerv3.Listener) []string {
	var names []string
	chains := append([]*listenerv3.FilterChain{listener.DefaultFilterChain}, listener.FilterChains...)
	for _, chain := range chains {
		for _, filter := range chain.GetFilters() {
			if filter.GetConfigDiscovery() != nil {
				names = append(names, filter.Name)
			}
		}
	}
	return names
}
