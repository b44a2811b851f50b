package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"istio.io/istio/pkg/security"
)

// mounted is the secret of a name that stands for files, as Istio's agent reads them in the sidecar's container; nil where it
// stands for none, or one of them is not there.
func (a *Authority) mounted(name string) (*tlsv3.Secret, error) {
	files, ok := security.SdsCertificateConfigFromResourceName(name)
	if !ok {
		return nil, nil
	}
	if files.IsRootCertificate() {
		root, err := a.read(files.CaCertificatePath)
		if root == nil || err != nil {
			return nil, err
		}
		return validation(name, root), nil
	}
	chain, err := a.read(files.CertificatePath)
	if chain == nil || err != nil {
		return nil, err
	}
	key, err := a.read(files.PrivateKeyPath)
	if key == nil || err != nil {
		return nil, err
	}
	return certificate(name, chain, key), nil
}

func isRootFile(name string) bool {
	return strings.HasPrefix(name, "file-root:")
}

// read is what a mounted file holds; nil if there is none.
func (a *Authority) read(path string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(a.mounts, path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
