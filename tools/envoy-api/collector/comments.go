package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Generated Go code drops source_code_info from its descriptors but repeats every comment above the struct field that
// it belongs to, and the field carries its proto name in the `protobuf` tag: that is where comments come from here.
type commentTable map[string]string

var (
	loaded     = commentTable{}
	loadedPkgs = map[string]bool{}
	tagName    = regexp.MustCompile(`protobuf:"[^"]*\bname=([^,"]+)`)
	annotation = regexp.MustCompile(`(?s)\[#[a-z-]+:[^\]]*\]`)
)

// Numbers of the fields of descriptor.proto that a source_code_info path is made of.
const (
	fileMessage, fileEnum      = 4, 5
	messageField, messageNest  = 2, 3
	messageEnum, enumValueList = 4, 2
)

func comments(p *descriptorpb.FileDescriptorProto) *descriptorpb.SourceCodeInfo {
	info := &descriptorpb.SourceCodeInfo{}
	scope := protoreflect.FullName(p.GetPackage())
	for i, m := range p.MessageType {
		messageComments(info, m, scope, []int32{fileMessage, int32(i)})
	}
	for i, e := range p.EnumType {
		enumComments(info, e, scope, []int32{fileEnum, int32(i)})
	}
	if len(info.Location) == 0 {
		return nil
	}
	return info
}

func messageComments(info *descriptorpb.SourceCodeInfo, m *descriptorpb.DescriptorProto, scope protoreflect.FullName, path []int32) {
	name := scope.Append(protoreflect.Name(m.GetName()))
	if m.GetOptions().GetMapEntry() {
		return
	}
	if t, err := protoregistry.GlobalTypes.FindMessageByName(name); err == nil {
		goType := reflect.TypeOf(t.Zero().Interface()).Elem()
		load(goType.PkgPath())
		key := goType.PkgPath() + "." + goType.Name()
		add(info, path, loaded[key])
		for i, f := range m.Field {
			add(info, append(clone(path), messageField, int32(i)), loaded[key+"#"+f.GetName()])
		}
	}
	for i, n := range m.NestedType {
		messageComments(info, n, name, append(clone(path), messageNest, int32(i)))
	}
	for i, e := range m.EnumType {
		enumComments(info, e, name, append(clone(path), messageEnum, int32(i)))
	}
}

func enumComments(info *descriptorpb.SourceCodeInfo, e *descriptorpb.EnumDescriptorProto, scope protoreflect.FullName, path []int32) {
	t, err := protoregistry.GlobalTypes.FindEnumByName(scope.Append(protoreflect.Name(e.GetName())))
	if err != nil {
		return
	}
	goType := reflect.TypeOf(t.New(0))
	load(goType.PkgPath())
	// Values of a nested enum are prefixed with the message's name, those of a top-level one with the enum's.
	prefix := goType.Name()
	if i := strings.LastIndex(prefix, "_"); i >= 0 {
		prefix = prefix[:i]
	}
	for i, v := range e.Value {
		add(info, append(clone(path), enumValueList, int32(i)), loaded[goType.PkgPath()+"."+prefix+"_"+v.GetName()])
	}
}

func add(info *descriptorpb.SourceCodeInfo, path []int32, comment string) {
	if comment == "" {
		return
	}
	info.Location = append(info.Location, &descriptorpb.SourceCodeInfo_Location{
		Path: path, Span: []int32{0, 0, 0}, LeadingComments: proto.String(comment),
	})
}

func clone(path []int32) []int32 { return append([]int32(nil), path...) }

// load reads the comments of one Go package.
func load(pkg string) {
	if loadedPkgs[pkg] {
		return
	}
	loadedPkgs[pkg] = true
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
	if err != nil {
		log.Fatalf("go list %s: %v", pkg, err)
	}
	sources, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.pb.go"))
	for _, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.ParseComments)
		if err != nil {
			log.Fatal(err)
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				for _, spec := range g.Specs {
					loadSpec(pkg, g, spec)
				}
			}
		}
	}
}

func loadSpec(pkg string, decl *ast.GenDecl, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			loaded[pkg+"."+n.Name] = digest(s.Doc)
		}
	case *ast.TypeSpec:
		st, ok := s.Type.(*ast.StructType)
		if !ok {
			return
		}
		owner := s.Name.Name
		if len(st.Fields.List) == 1 && st.Fields.List[0].Tag != nil && strings.Contains(st.Fields.List[0].Tag.Value, ",oneof") {
			// A member of a oneof lives in a wrapper struct, Message_Field.
			if i := strings.LastIndex(owner, "_"+st.Fields.List[0].Names[0].Name); i > 0 {
				owner = owner[:i]
			}
		} else {
			doc := s.Doc
			if doc == nil {
				doc = decl.Doc
			}
			loaded[pkg+"."+owner] = digest(doc)
		}
		for _, f := range st.Fields.List {
			if f.Tag == nil {
				continue
			}
			if m := tagName.FindStringSubmatch(f.Tag.Value); m != nil {
				loaded[pkg+"."+owner+"#"+m[1]] = digest(f.Doc)
			}
		}
	}
}

// digest keeps the first paragraph of a comment and every documentation annotation (`[#not-implemented-hide:]`).
func digest(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	var text strings.Builder
	for _, line := range doc.List {
		text.WriteString(strings.TrimPrefix(strings.TrimPrefix(line.Text, "//"), " ") + "\n")
	}
	whole := text.String()
	var marks []string
	for _, mark := range annotation.FindAllString(whole, -1) {
		marks = append(marks, strings.Join(strings.Fields(mark), " "))
	}
	prose := strings.TrimSpace(annotation.ReplaceAllString(whole, ""))
	prose, _, _ = strings.Cut(prose, "\n\n")
	prose = strings.Join(strings.Fields(strings.TrimPrefix(prose, "Deprecated: Do not use.")), " ")
	if strings.HasPrefix(prose, "Deprecated: Marked as deprecated") {
		prose = ""
	}
	return strings.TrimSpace(strings.Join(append([]string{prose}, marks...), "\n"))
}
