package estimate

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Account is what Declared answers a program that asks AWS where it is.
type Account struct {
	// ID is the account's number of 12 digits. Default: 123456789012; it has no influence on prices.
	ID string
	// Partition is aws, aws-cn or aws-us-gov. Default: that of the home Region.
	Partition string
	// Home is the Region of resources without a provider of their own. Required.
	Home string
	// EnabledRegions are the Regions that the account has enabled. Default: those that are enabled in every account.
	EnabledRegions []string
	// Caller is the ARN of who deploys. Default: the account itself, so that a program that refuses some callers does not
	// refuse here already.
	Caller string
}

// Declared runs a program's body beside the running program and returns the resources that it would register, with their
// inputs resolved: nothing of it reaches the engine or AWS, what it logs and exports is dropped. The body has the project,
// stack and settings of ctx; it must register resources only with the context that it is given. What the provider would fill
// in, such as ARNs and ids, is made up in AWS's form. A call to AWS that has no made-up answer, and any error of the body, is
// an error.
func Declared(ctx *pulumi.Context, account Account, body func(*pulumi.Context) error) ([]Resource, error) {
	r, err := newRecorder(ctx.Project(), ctx.Stack(), account)
	if err != nil {
		return nil, err
	}
	info, err := runInfo(ctx, r)
	if err != nil {
		return nil, err
	}
	inner, err := pulumi.NewContext(ctx.Context(), info)
	if err != nil {
		return nil, fmt.Errorf("running the program for an estimate: %w", err)
	}
	defer func() { _ = inner.Close() }() // it has no connection
	// pulumi.RunErr would read the engine's address and end the tracing of the program itself.
	var wrong error
	err = pulumi.RunWithContext(inner, func(ctx *pulumi.Context) error {
		wrong = body(ctx)
		return wrong
	})
	if wrong != nil {
		return nil, wrong // as the program itself would say it
	}
	if err != nil {
		return nil, fmt.Errorf("running the program for an estimate: %w", err)
	}
	return r.declared(), nil
}

// runInfo has the settings of the running program, which the engine hands over in its environment
// (https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/pulumi#EnvConfig).
func runInfo(ctx *pulumi.Context, mocks pulumi.MockResourceMonitor) (pulumi.RunInfo, error) {
	info := pulumi.RunInfo{
		Project: ctx.Project(), Stack: ctx.Stack(), Organization: ctx.Organization(), RootDirectory: ctx.RootDirectory(), Mocks: mocks,
	}
	for name, into := range map[string]any{pulumi.EnvConfig: &info.Config, pulumi.EnvConfigSecretKeys: &info.ConfigSecretKeys} {
		if text := os.Getenv(name); text != "" {
			if json.Unmarshal([]byte(text), into) != nil { // its error would quote a secret
				return info, fmt.Errorf("running the program for an estimate: %s is not JSON", name)
			}
		}
	}
	return info, nil
}

// recorder stands in for the engine. Registrations and calls arrive concurrently.
type recorder struct {
	project, stack string
	account        Account
	mutex          sync.Mutex
	nodes          map[string]*node // by URN
}

// node is a registered resource.
type node struct {
	Resource
	parent string // URN
	custom bool
}

const providerType = "pulumi:providers:aws"

func newRecorder(project, stack string, account Account) (*recorder, error) {
	if account.Home == "" {
		return nil, errors.New("field Home: is missing; give the home Region")
	}
	account.ID = cmp.Or(account.ID, "123456789012")
	account.Partition = cmp.Or(account.Partition, partitionOf(account.Home))
	account.Caller = cmp.Or(account.Caller, "arn:"+account.Partition+":iam::"+account.ID+":root")
	if len(account.EnabledRegions) == 0 {
		account.EnabledRegions = enabledByDefault[account.Partition]
	}
	return &recorder{project: project, stack: stack, account: account, nodes: map[string]*node{}}, nil
}

// NewResource notes a registration and answers what AWS would have made of it.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.ReadRPC != nil {
		return "", nil, fmt.Errorf("%s %q is read from AWS, which an estimate cannot answer", args.TypeToken, args.Name)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	n := &node{
		Resource: Resource{Type: args.TypeToken, Name: args.Name, Inputs: plain(args.Inputs)},
		parent:   args.RegisterRPC.GetParent(), custom: args.Custom,
	}
	n.Region = r.regionOf(args.RegisterRPC.GetProvider())
	if n.Type == providerType {
		n.Region = cmp.Or(text(n.Inputs, "region"), r.account.Home)
	}
	urn := resource.NewURN(tokens.QName(r.stack), tokens.PackageName(r.project), parentType(n.parent), tokens.Type(n.Type), n.Name)
	r.nodes[string(urn)] = n
	if !args.Custom {
		return "", resource.PropertyMap{}, nil
	}
	id, outputs := r.made(n.Resource, string(urn))
	state := args.Inputs.Copy()
	for key, value := range outputs {
		state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
	}
	return id, state, nil
}

func parentType(parent string) tokens.Type {
	urn := resource.URN(parent)
	if parent == "" || urn.QualifiedType() == resource.RootStackType {
		return ""
	}
	return urn.QualifiedType()
}

// regionOf is the Region of a provider, given as URN::ID; that of the default provider is the home Region.
func (r *recorder) regionOf(provider string) string {
	if i := strings.LastIndex(provider, "::"); i >= 0 {
		if n := r.nodes[provider[:i]]; n != nil {
			return n.Region
		}
	}
	return r.account.Home
}

// declared are the resources that were registered, without components and providers.
func (r *recorder) declared() []Resource {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	all := []Resource{}
	for n := range maps.Values(r.nodes) {
		if !n.custom || n.Type == providerType {
			continue
		}
		found := n.Resource
		found.Component = r.component(n)
		all = append(all, found)
	}
	slices.SortFunc(all, compare)
	return all
}

// component is the name of the outermost component around a resource.
func (r *recorder) component(n *node) (name string) {
	for n = r.nodes[n.parent]; n != nil; n = r.nodes[n.parent] {
		if !n.custom {
			name = n.Name
		}
	}
	return name
}

// plain turns inputs into plain values. Secrets are not needed for a price and are left out.
func plain(properties resource.PropertyMap) map[string]any {
	values := map[string]any{}
	for key, value := range properties {
		if inner := plainValue(value); inner != nil {
			values[string(key)] = inner
		}
	}
	return values
}

func plainValue(value resource.PropertyValue) any {
	switch {
	case value.IsSecret(), value.IsComputed(), value.IsNull(), value.IsAsset(), value.IsArchive():
		return nil
	case value.IsOutput():
		if o := value.OutputValue(); o.Known && !o.Secret {
			return plainValue(o.Element)
		}
		return nil
	case value.IsArray():
		all := []any{}
		for _, element := range value.ArrayValue() {
			all = append(all, plainValue(element))
		}
		return all
	case value.IsObject():
		return plain(value.ObjectValue())
	case value.IsResourceReference():
		return string(value.ResourceReferenceValue().URN)
	default:
		return value.V
	}
}
