package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discoveryv3 "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	secretv3 "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/anypb"
)

const secretType = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"

// Authority is a throw-away root: what Istio's agent gets from istiod's CA.
type Authority struct {
	secretv3.UnimplementedSecretDiscoveryServiceServer
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         []byte
	// mounts is a folder that holds, under their paths, the files that sidecars mount.
	mounts string
}

func serveSecrets(socket, mounts string) error {
	authority, err := newAuthority()
	if err != nil {
		return err
	}
	authority.mounts = mounts
	listener, err := openSocket(socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	secretv3.RegisterSecretDiscoveryServiceServer(server, authority)
	go func() { _ = server.Serve(listener) }()
	return nil
}

func newAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{Organization: []string{"cluster.local"}},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Authority{certificate: certificate, key: key, pem: encode("CERTIFICATE", der)}, nil
}

// StreamSecrets answers each request for a name once. Envoy acknowledges with the same names, which needs no answer.
func (a *Authority) StreamSecrets(stream secretv3.SecretDiscoveryService_StreamSecretsServer) error {
	var node *corev3.Node
	answered := map[string]bool{}
	for {
		request, err := stream.Recv()
		if err != nil {
			return err
		}
		if request.Node != nil {
			node = request.Node
		}
		response := &discoveryv3.DiscoveryResponse{TypeUrl: secretType, VersionInfo: "1", Nonce: fmt.Sprint(len(answered))}
		for _, name := range request.ResourceNames {
			if answered[name] {
				continue
			}
			answered[name] = true
			secret, err := a.secret(name, node)
			if err != nil {
				return err
			}
			resource, err := anypb.New(secret)
			if err != nil {
				return err
			}
			response.Resources = append(response.Resources, resource)
		}
		if len(response.Resources) == 0 {
			continue
		}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
}

// secret is what a name stands for: `ROOTCA` for the root, a file for what it holds (see mounted), and anything else for a
// certificate of the identity that the node tells. A file that is not there is taken to hold what the mesh itself has.
func (a *Authority) secret(name string, node *corev3.Node) (*tlsv3.Secret, error) {
	mounted, err := a.mounted(name)
	if mounted != nil || err != nil {
		return mounted, err
	}
	if name == "ROOTCA" || isRootFile(name) {
		return validation(name, a.pem), nil
	}
	identity, err := identityOf(node)
	if err != nil {
		return nil, err
	}
	chain, key, err := a.issue(identity)
	if err != nil {
		return nil, err
	}
	return certificate(name, chain, key), nil
}

func validation(name string, root []byte) *tlsv3.Secret {
	context := &tlsv3.CertificateValidationContext{TrustedCa: inline(root)}
	return &tlsv3.Secret{Name: name, Type: &tlsv3.Secret_ValidationContext{ValidationContext: context}}
}

func certificate(name string, chain, key []byte) *tlsv3.Secret {
	pair := &tlsv3.TlsCertificate{CertificateChain: inline(chain), PrivateKey: inline(key)}
	return &tlsv3.Secret{Name: name, Type: &tlsv3.Secret_TlsCertificate{TlsCertificate: pair}}
}

// identityOf is the SPIFFE identity of a node: its id is <type>~<ip>~<pod>.<namespace>~<domain>.
func identityOf(node *corev3.Node) (*url.URL, error) {
	parts := strings.Split(node.GetId(), "~")
	if len(parts) != 4 {
		return nil, fmt.Errorf("node id %q must have four parts", node.GetId())
	}
	_, namespace, _ := strings.Cut(parts[2], ".")
	account := node.GetMetadata().GetFields()["SERVICE_ACCOUNT"].GetStringValue()
	if account == "" {
		return nil, fmt.Errorf("node %q must tell SERVICE_ACCOUNT in its metadata", node.GetId())
	}
	return url.Parse(fmt.Sprintf("spiffe://cluster.local/ns/%s/sa/%s", namespace, account))
}

func (a *Authority) issue(identity *url.URL) (chain, private []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		URIs:         []*url.URL{identity},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", pkcs8), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func inline(data []byte) *corev3.DataSource {
	return &corev3.DataSource{Specifier: &corev3.DataSource_InlineBytes{InlineBytes: data}}
}
