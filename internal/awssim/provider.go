package awssim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// providerVersion is the pulumi-aws version whose behaviour is simulated.
const providerVersion = "6.83.2"

// provider answers the engine for all provider instances.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer
	account *Account
	options Options
}

func (p *provider) Handshake(
	context.Context, *pulumirpc.ProviderHandshakeRequest,
) (*pulumirpc.ProviderHandshakeResponse, error) {
	return &pulumirpc.ProviderHandshakeResponse{AcceptSecrets: true, AcceptResources: true, AcceptOutputs: true}, nil
}

func (p *provider) Attach(context.Context, *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (p *provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: providerVersion}, nil
}

func (p *provider) GetSchema(context.Context, *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	return &pulumirpc.GetSchemaResponse{Schema: fmt.Sprintf(`{"name":"aws","version":%q}`, providerVersion)}, nil
}

// operation is one request about a resource.
type operation struct {
	token  string
	schema *typeSchema
	kind   resourceType
	call   *call
}

func (p *provider) operation(ctx context.Context, u string, preview bool) (*operation, error) {
	parsed, err := urn.Parse(u)
	if err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "%v", err)
	}
	token := string(parsed.Type())
	kind, ok := types[token]
	if !ok || schemas[token] == nil {
		return nil, status.Errorf(codes.Unimplemented, "the simulated account does not know the resource type %s", token)
	}
	s := sessionOf(ctx)
	return &operation{token, schemas[token], kind, &call{
		Account: p.account, Region: s.region, Caller: s.caller, MFA: p.options.MFA, Preview: preview, URN: u, Name: parsed.Name(),
	}}, nil
}

// run performs fn on the locked account, inside Options.Around, and writes the account
// file afterwards when fn may have changed something. id points to the resource's id.
func (p *provider) run(ctx context.Context, op string, o *operation, id *string, mutates bool, fn func() error) error {
	around := p.options.Around
	if around == nil {
		return p.work(mutates, fn)
	}
	call := &Operation{Op: op, URN: o.call.URN, Type: o.token, Name: o.call.Name, Region: o.call.Region, ID: *id}
	return around(ctx, call, func() error {
		err := p.work(mutates, fn)
		call.ID = *id
		return err
	})
}

func (p *provider) work(mutates bool, fn func() error) error {
	p.account.mu.Lock()
	defer p.account.mu.Unlock()
	if err := fn(); err != nil || !mutates {
		return err
	}
	return p.account.save()
}

func (p *provider) Check(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	o, err := p.operation(ctx, req.GetUrn(), true)
	if err != nil {
		return nil, err
	}
	olds, _, err := decode(req.GetOlds())
	if err != nil {
		return nil, err
	}
	news, secrets, err := decode(req.GetNews())
	if err != nil {
		return nil, err
	}
	encodeDocuments(o.schema, news)
	sessionOf(ctx).tag(o.schema, news)
	var failures []*pulumirpc.CheckFailure
	if err := nameInputs(o.schema, o.call.Name, req.GetRandomSeed(), olds, news); err != nil {
		failures = append(failures, &pulumirpc.CheckFailure{Property: o.schema.AutoName.Property, Reason: err.Error()})
	}
	for _, f := range append(o.schema.checkInputs(news), o.schema.checkTags(news)...) {
		failures = append(failures, &pulumirpc.CheckFailure{Property: f.property, Reason: f.reason})
	}
	if len(failures) == 0 && o.kind.check != nil {
		if err := o.kind.check(o.call, news); err != nil {
			failures = append(failures, &pulumirpc.CheckFailure{Reason: err.Error()})
		}
	}
	inputs, err := encode(news, secrets)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.CheckResponse{Inputs: inputs, Failures: failures}, nil
}

func (p *provider) Diff(ctx context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	o, err := p.operation(ctx, req.GetUrn(), true)
	if err != nil {
		return nil, err
	}
	olds, _, err := decode(req.GetOldInputs())
	if err != nil {
		return nil, err
	}
	news, _, err := decode(req.GetNews())
	if err != nil {
		return nil, err
	}
	return diffResponse(o.schema, olds, news, diffInputs(o.schema, olds, news)), nil
}

func (p *provider) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	o, err := p.operation(ctx, req.GetUrn(), req.GetPreview())
	if err != nil {
		return nil, err
	}
	in, secrets, err := decode(req.GetProperties())
	if err != nil {
		return nil, err
	}
	delete(in, defaultsKey)
	if req.GetPreview() {
		var known props
		if o.kind.predict != nil {
			known = o.kind.predict(o.call, in)
		}
		state, err := encode(planned(o.schema, in, known), secrets)
		return &pulumirpc.CreateResponse{Properties: state}, err
	}
	var id string
	var out props
	err = p.run(ctx, "create", o, &id, true, func() error {
		id, out, err = o.kind.create(o.call, in)
		return err
	})
	if err != nil {
		return nil, failed("creating", o, err)
	}
	state, err := encode(complete(o.schema, in, out), secrets)
	return &pulumirpc.CreateResponse{Id: id, Properties: state}, err
}

func (p *provider) Read(ctx context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	o, err := p.operation(ctx, req.GetUrn(), false)
	if err != nil {
		return nil, err
	}
	state, secrets, err := decode(req.GetProperties())
	if err != nil {
		return nil, err
	}
	inputs, inputSecrets, err := decode(req.GetInputs())
	if err != nil {
		return nil, err
	}
	imported := len(state) == 0
	var out props
	id := req.GetId()
	err = p.run(ctx, "read", o, &id, false, func() error {
		switch {
		case o.kind.read != nil:
			out, err = o.kind.read(o.call, id, state)
		case imported:
			err = fmt.Errorf("resources of type %s cannot be imported into the simulated account", o.token)
		}
		return err
	})
	if errors.Is(err, errNotFound) {
		return &pulumirpc.ReadResponse{}, nil
	}
	if err != nil {
		return nil, failed("reading", o, err)
	}
	out = complete(o.schema, state, out)
	res := &pulumirpc.ReadResponse{Id: strOr(out, "id", id)}
	delete(out, "id")
	inputs = readInputs(o.schema, inputs, state, out, imported)
	if res.Properties, err = encode(out, secrets); err != nil {
		return nil, err
	}
	res.Inputs, err = encode(inputs, inputSecrets)
	return res, err
}

func (p *provider) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	o, err := p.operation(ctx, req.GetUrn(), req.GetPreview())
	if err != nil {
		return nil, err
	}
	old, _, err := decode(req.GetOlds())
	if err != nil {
		return nil, err
	}
	in, secrets, err := decode(req.GetNews())
	if err != nil {
		return nil, err
	}
	delete(in, defaultsKey)
	kept := props{}
	for name := range o.schema.Outputs {
		if v, ok := old[name]; ok {
			kept[name] = v
		}
	}
	var out props
	if !req.GetPreview() {
		id := req.GetId()
		err = p.run(ctx, "update", o, &id, true, func() error {
			if o.kind.update == nil {
				return nil
			}
			out, err = o.kind.update(o.call, id, old, in)
			return err
		})
		if err != nil {
			return nil, failed("updating", o, err)
		}
	}
	state, err := encode(complete(o.schema, in, complete(o.schema, kept, out)), secrets)
	return &pulumirpc.UpdateResponse{Properties: state}, err
}

func (p *provider) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	o, err := p.operation(ctx, req.GetUrn(), false)
	if err != nil {
		return nil, err
	}
	state, _, err := decode(req.GetProperties())
	if err != nil {
		return nil, err
	}
	id := req.GetId()
	err = p.run(ctx, "delete", o, &id, true, func() error {
		if o.kind.delete == nil {
			return nil
		}
		if err := o.kind.delete(o.call, id, state); !errors.Is(err, errNotFound) {
			return err
		}
		return nil
	})
	if err != nil {
		return nil, failed("deleting", o, err)
	}
	return &emptypb.Empty{}, nil
}

func failed(doing string, o *operation, err error) error {
	return status.Errorf(codes.Unknown, "%s %s (%s): %v", doing, o.token, o.call.Name, err)
}

// planned is the state that a preview shows: inputs, and outputs as far as known.
func planned(s *typeSchema, in, known props) props {
	out := complete(s, in, known)
	for name := range s.Outputs {
		if _, ok := out[name]; !ok {
			out[name] = unknownValue{}
		}
	}
	return out
}

// complete adds to the computed properties what the server knows: the inputs, and
// all tags.
func complete(s *typeSchema, in, computed props) props {
	out := make(props, len(in)+len(computed))
	for k, v := range in {
		out[k] = v
	}
	for k, v := range normal(computed) {
		out[k] = v
	}
	if _, ok := s.Outputs["tagsAll"]; ok {
		out["tagsAll"] = out["tags"]
		if out["tags"] == nil {
			out["tagsAll"] = props{}
		}
	}
	return out
}

// readInputs are the inputs that a program would have given for the resource as it
// is: those it gave, with the values of now; on import all that are set; on refresh
// also those that somebody changed behind the program's back.
func readInputs(s *typeSchema, inputs, state, out props, imported bool) props {
	res := props{}
	for name := range s.Inputs {
		v := out[name]
		_, given := inputs[name]
		same := len(diffInputs(s, props{name: inputs[name]}, props{name: v})) == 0 ||
			// What AWS filled in inside a given property is no change of it.
			given && len(diffInputs(s, props{name: v}, props{name: inputs[name]})) == 0
		switch {
		case given && same:
			res[name] = inputs[name]
		case blank(v):
		case given:
			res[name] = v
		case imported:
			if !same {
				res[name] = v
			}
		case slices.Contains(s.Computed, name):
		case len(diffInputs(s, props{name: state[name]}, props{name: v})) > 0:
			res[name] = v
		}
	}
	if d := list(inputs, defaultsKey); d != nil {
		res[defaultsKey] = d
	}
	return res
}

// encodeDocuments turns JSON documents that came as objects into text, as the
// provider does.
func encodeDocuments(s *typeSchema, in props) {
	for _, path := range s.JSON {
		if strings.Contains(path, ".") {
			continue
		}
		if o, ok := in[path].(map[string]any); ok && !hasUnknown(o) {
			in[path] = jsonText(o)
		} else if ok {
			in[path] = unknownValue{}
		}
	}
}

// decode reads properties off the wire and notes where secrets are.
func decode(s *structpb.Struct) (props, []resource.PropertyPath, error) {
	m, err := plugin.UnmarshalProperties(s, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
	if err != nil {
		return nil, nil, status.Errorf(codes.InvalidArgument, "%v", err)
	}
	p, err := plain(m)
	if err != nil {
		return nil, nil, status.Errorf(codes.InvalidArgument, "%v", err)
	}
	return p, secretPaths(m), nil
}

// encode writes properties to the wire, marking secrets again.
func encode(p props, secrets []resource.PropertyPath) (*structpb.Struct, error) {
	return plugin.MarshalProperties(conceal(rich(p), secrets), plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
}
