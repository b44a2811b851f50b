package main

import (
	"fmt"
	"net"
	"os"

	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/test"
)

// Meshes are the served ones by name; calling a value ends it.
type Meshes map[string]func()

// serve runs istiod's own ADS server for the objects, on a Unix socket, until close. A Unix socket is reachable from
// every network namespace, so that the mesh's own network carries traffic only.
func (m Meshes) serve(request Request) error {
	if m[request.Mesh] != nil {
		return fmt.Errorf("mesh %q is being served", request.Mesh)
	}
	opts, _, err := options(request)
	if err != nil {
		return err
	}
	opts.ListenerBuilder = listenUnix(request.Socket)
	ready := make(chan struct{})
	end := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- test.Wrap(func(t test.Failer) {
			xds.NewFakeDiscoveryServer(t, opts)
			close(ready)
			<-end
		})
	}()
	select {
	case <-ready:
	case err := <-ended:
		return err
	}
	m[request.Mesh] = func() {
		close(end)
		<-ended
		os.Remove(request.Socket)
	}
	return nil
}

func (m Meshes) close(name string) error {
	end := m[name]
	if end == nil {
		return fmt.Errorf("no mesh %q is being served", name)
	}
	delete(m, name)
	end()
	return nil
}

func (m Meshes) closeAll() {
	for name := range m {
		_ = m.close(name)
	}
}

// openSocket listens on a Unix socket that proxies may use, which run as another user.
func openSocket(path string) (net.Listener, error) {
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return listener, os.Chmod(path, 0o777)
}
