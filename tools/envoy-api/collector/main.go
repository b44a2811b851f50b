// Command collector writes the part of Envoy's API that Meltemi knows as a FileDescriptorSet: the messages that the
// root types reach, their PGV rules and annotations, and the first paragraph of every comment (as source_code_info).
//
//	collector -minor 1.39 -o 1.39.binpb.gz < roots.txt     # one full message name per line
//
// Run it through `npm run envoy-api -- --add <minor>`, which writes the go.mod with that minor's pins. The output is
// deterministic: files by dependency, declarations in their own order, no clock.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"os"
	"sort"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Files whose extensions carry the rules: kept whole, for readers resolve options by them.
var annotationFiles = []string{
	"envoy/annotations/deprecation.proto",
	"google/protobuf/descriptor.proto",
	"udpa/annotations/migrate.proto",
	"udpa/annotations/security.proto",
	"udpa/annotations/sensitive.proto",
	"udpa/annotations/status.proto",
	"udpa/annotations/versioning.proto",
	"validate/validate.proto",
	"xds/annotations/v3/status.proto",
}

type keep map[protoreflect.FullName]bool

func main() {
	log.SetFlags(0)
	out := flag.String("o", "", "file to write")
	flag.Parse()
	wanted := keep{}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		name := protoreflect.FullName(strings.TrimSpace(lines.Text()))
		if name == "" {
			continue
		}
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
		if err != nil {
			log.Fatalf("%s: not in the packages of imports.go: %v", name, err)
		}
		wanted.reach(d)
	}
	set := &descriptorpb.FileDescriptorSet{}
	for _, fd := range files(wanted) {
		set.File = append(set.File, trim(fd, wanted))
	}
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(set)
	if err != nil {
		log.Fatal(err)
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if _, err := w.Write(body); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, packed.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d files, %d messages and enums, %d bytes\n", len(set.File), len(wanted), len(body))
}

// reach marks a message or enum and everything its fields mention.
func (k keep) reach(d protoreflect.Descriptor) {
	if k[d.FullName()] {
		return
	}
	k[d.FullName()] = true
	m, ok := d.(protoreflect.MessageDescriptor)
	if !ok {
		return
	}
	for i := 0; i < m.Fields().Len(); i++ {
		f := m.Fields().Get(i)
		if f.Message() != nil {
			k.reach(f.Message())
		}
		if f.Enum() != nil {
			k.reach(f.Enum())
		}
	}
}

// files lists the files of everything wanted and the annotation files, each after its dependencies.
func files(wanted keep) []protoreflect.FileDescriptor {
	names := map[string]bool{}
	for name := range wanted {
		d, _ := protoregistry.GlobalFiles.FindDescriptorByName(name)
		names[d.ParentFile().Path()] = true
	}
	for _, path := range annotationFiles {
		names[path] = true
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	var list []protoreflect.FileDescriptor
	seen := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		fd, err := protoregistry.GlobalFiles.FindFileByPath(path)
		if err != nil {
			log.Fatal(err)
		}
		for i := 0; i < fd.Imports().Len(); i++ {
			if names[fd.Imports().Get(i).Path()] {
				visit(fd.Imports().Get(i).Path())
			}
		}
		if names[path] {
			list = append(list, fd)
		}
	}
	for _, path := range sorted {
		visit(path)
	}
	return list
}

// trim copies a file without the messages, enums and imports that nothing wanted needs.
func trim(fd protoreflect.FileDescriptor, wanted keep) *descriptorpb.FileDescriptorProto {
	p := protodesc.ToFileDescriptorProto(fd)
	whole := strings.HasPrefix(fd.Path(), "google/protobuf/")
	for _, path := range annotationFiles {
		whole = whole || path == fd.Path()
	}
	if whole {
		return p
	}
	var imports []string
	for _, path := range p.Dependency {
		if neededBy(fd, path, wanted) {
			imports = append(imports, path)
		}
	}
	p.Dependency, p.PublicDependency, p.WeakDependency, p.Service = imports, nil, nil, nil
	p.MessageType = trimMessages(p.MessageType, fd.FullName(), wanted)
	p.EnumType = trimEnums(p.EnumType, fd.FullName(), wanted)
	p.SourceCodeInfo = comments(p)
	return p
}

func neededBy(fd protoreflect.FileDescriptor, path string, wanted keep) bool {
	for _, a := range annotationFiles {
		if a == path {
			return true
		}
	}
	for name := range wanted {
		d, _ := protoregistry.GlobalFiles.FindDescriptorByName(name)
		m, ok := d.(protoreflect.MessageDescriptor)
		if !ok || d.ParentFile().Path() != fd.Path() {
			continue
		}
		for i := 0; i < m.Fields().Len(); i++ {
			f := m.Fields().Get(i)
			if f.Message() != nil && f.Message().ParentFile().Path() == path {
				return true
			}
			if f.Enum() != nil && f.Enum().ParentFile().Path() == path {
				return true
			}
		}
	}
	return false
}

// trimMessages keeps wanted messages, and those that only hold wanted ones (without their fields).
func trimMessages(in []*descriptorpb.DescriptorProto, scope protoreflect.FullName, wanted keep) (out []*descriptorpb.DescriptorProto) {
	for _, m := range in {
		name := scope.Append(protoreflect.Name(m.GetName()))
		m.NestedType = trimMessages(m.NestedType, name, wanted)
		m.EnumType = trimEnums(m.EnumType, name, wanted)
		m.ReservedName, m.ReservedRange = reserved(m, wanted[name])
		if wanted[name] {
			out = append(out, m)
		} else if len(m.NestedType)+len(m.EnumType) > 0 {
			m.Field, m.OneofDecl, m.Options = nil, nil, nil
			out = append(out, m)
		}
	}
	return out
}

func reserved(m *descriptorpb.DescriptorProto, wanted bool) ([]string, []*descriptorpb.DescriptorProto_ReservedRange) {
	if wanted {
		return m.ReservedName, m.ReservedRange
	}
	return nil, nil
}

func trimEnums(in []*descriptorpb.EnumDescriptorProto, scope protoreflect.FullName, wanted keep) (out []*descriptorpb.EnumDescriptorProto) {
	for _, e := range in {
		if wanted[scope.Append(protoreflect.Name(e.GetName()))] {
			out = append(out, e)
		}
	}
	return out
}
