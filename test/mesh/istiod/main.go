// The real Istio control plane without a cluster: translates a set of manifests into what istiod would send to
// given proxies, says what each EnvoyFilter changes there, and serves the result to real Envoys.
//
// It reads one JSON request a line from stdin and answers each with one JSON line on stdout (see Request, Response).
// Istio's own log goes to the file named by -log: some failures appear nowhere else.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"istio.io/istio/pkg/log"
)

func main() {
	logFile := flag.String("log", "/dev/stderr", "file for Istio's log")
	sds := flag.String("sds", "", "Unix socket on which to serve certificates (SDS) to the proxies; empty: none")
	mounts := flag.String("mounts", "", "folder that holds, under their paths, the files that sidecars mount")
	flag.Parse()
	if err := run(*logFile, *sds, *mounts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(logFile, sds, mounts string) error {
	options := log.DefaultOptions()
	options.OutputPaths = []string{logFile}
	options.ErrorOutputPaths = []string{logFile}
	options.SetDefaultOutputLevel("all", log.WarnLevel)
	if err := log.Configure(options); err != nil {
		return err
	}
	if sds != "" {
		if err := serveSecrets(sds, mounts); err != nil {
			return err
		}
	}
	meshes := Meshes{}
	defer meshes.closeAll()
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			if err := answers.Encode(answer(line, meshes)); err != nil {
				return err
			}
		}
		if err != nil { // io.EOF: the harness is done
			return nil
		}
	}
}

func answer(line []byte, meshes Meshes) Response {
	var request Request
	if err := json.Unmarshal(line, &request); err != nil {
		return Response{Error: "request is not JSON: " + err.Error()}
	}
	var response Response
	var err error
	switch request.Op {
	case "explain":
		err = explain(request, &response)
	case "serve":
		err = meshes.serve(request)
	case "close":
		err = meshes.close(request.Mesh)
	default:
		err = fmt.Errorf("unknown op %q", request.Op)
	}
	if err != nil {
		response.Error = err.Error()
	}
	return response
}
