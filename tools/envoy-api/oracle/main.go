// Command oracle judges configs as the Go library does that istiod uses: strict protojson, then the generated PGV
// Validate() of the message, of every Any below it, and of every TypedStruct (through its type_url).
//
// One JSON object a line on standard input, {"type": "full.message.Name", "value": {...}}; one line of output for each:
// "ok", or what is wrong.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	udpa "github.com/cncf/xds/go/udpa/type/v1"
	xds "github.com/cncf/xds/go/xds/type/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"
)

type question struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		var q question
		verdict := "ok"
		if err := json.Unmarshal(line, &q); err != nil {
			verdict = err.Error()
		} else if err := judge(q.Type, q.Value); err != nil {
			verdict = err.Error()
		}
		fmt.Fprintln(out, strings.ReplaceAll(verdict, "\n", " "))
	}
}

func judge(name string, value []byte) error {
	t, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
	if err != nil {
		return err
	}
	m := t.New().Interface()
	if err := protojson.Unmarshal(value, m); err != nil {
		return err
	}
	return validate(m)
}

func validate(m proto.Message) error {
	if v, ok := m.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return err
		}
	}
	return below(m)
}

// below validates what generated code does not look into: the messages packed in Any and TypedStruct.
func below(m proto.Message) error {
	switch a := m.(type) {
	case *anypb.Any:
		inner, err := a.UnmarshalNew()
		if err != nil {
			return err
		}
		return validate(inner)
	case *udpa.TypedStruct:
		return typedStruct(a.TypeUrl, a.Value)
	case *xds.TypedStruct:
		return typedStruct(a.TypeUrl, a.Value)
	case *structpb.Struct:
		return nil
	}
	var failed error
	m.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap() && f.MapValue().Message() != nil:
			v.Map().Range(func(_ protoreflect.MapKey, item protoreflect.Value) bool {
				failed = below(item.Message().Interface())
				return failed == nil
			})
		case f.IsList() && f.Message() != nil:
			for i := 0; i < v.List().Len() && failed == nil; i++ {
				failed = below(v.List().Get(i).Message().Interface())
			}
		case !f.IsMap() && !f.IsList() && f.Message() != nil:
			failed = below(v.Message().Interface())
		}
		return failed == nil
	})
	return failed
}

func typedStruct(url string, value *structpb.Struct) error {
	if value == nil {
		value = &structpb.Struct{}
	}
	text, err := protojson.Marshal(value)
	if err != nil {
		return err
	}
	return judge(url[strings.LastIndex(url, "/")+1:], text)
}
