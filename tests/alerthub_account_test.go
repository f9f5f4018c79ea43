package tests

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// simulated answers a program's registrations and invokes from a simulated account, one provider connection per
// Region: the program runs as in a deployment, without an engine. What AWS would refuse fails the program.
type simulated struct {
	server *awssim.Server
	home   string // Region of the default provider

	mutex     sync.Mutex
	regions   map[string]string // Region by the URN of a provider
	providers map[string]pulumirpc.ResourceProviderClient
	resources []deployed
}

// deployed is a resource that stands in the account.
type deployed struct {
	Type, Name, Region, URN, ID string
	Properties                  resource.PropertyMap
	remove                      func() error
}

func (d deployed) str(property string) string {
	if v := d.Properties[resource.PropertyKey(property)]; v.IsString() {
		return v.StringValue()
	}
	return ""
}

// deployInto runs a program against an empty account of the partition, which is kept in a file unless that is "".
func deployInto(t *testing.T, o testkit.Options, file string, program func(ctx *pulumi.Context) error) *simulated {
	t.Helper()
	server, err := awssim.Serve(awssim.Options{File: file, Partition: o.Partition, AccountID: accountID})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	s := &simulated{
		server: server, home: homeOf(o), regions: map[string]string{}, providers: map[string]pulumirpc.ResourceProviderClient{},
	}
	require.NoError(t, pulumi.RunErr(program, pulumi.WithMocks("account-baseline", "dev", s)))
	return s
}

func (s *simulated) account() *awssim.Account { return s.server.Account() }

// provider is the connection for a Region.
func (s *simulated) provider(region string) (pulumirpc.ResourceProviderClient, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if p := s.providers[region]; p != nil {
		return p, nil
	}
	connection, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", s.server.Port()), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	p := pulumirpc.NewResourceProviderClient(connection)
	config, err := plugin.MarshalProperties(resource.PropertyMap{"region": resource.NewStringProperty(region)}, plugin.MarshalOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := p.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: config, AcceptSecrets: true}); err != nil {
		return nil, err
	}
	s.providers[region] = p
	return p, nil
}

func (s *simulated) regionOf(provider string) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if i := strings.LastIndex(provider, "::"); i >= 0 {
		if region := s.regions[provider[:i]]; region != "" {
			return region
		}
	}
	return s.home
}

var withSecrets = plugin.MarshalOptions{KeepSecrets: true, KeepUnknowns: true}

// NewResource creates the resource as the engine does: check, then create.
func (s *simulated) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if !args.Custom {
		return "", resource.PropertyMap{}, nil
	}
	urn := fmt.Sprintf("urn:pulumi:dev::account-baseline::%s::%s", args.TypeToken, args.Name)
	if args.TypeToken == "pulumi:providers:aws" {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.regions[urn] = args.Inputs["region"].StringValue()
		return args.Name, args.Inputs, nil
	}
	region := s.regionOf(args.RegisterRPC.GetProvider())
	p, err := s.provider(region)
	if err != nil {
		return "", nil, err
	}
	inputs, err := plugin.MarshalProperties(args.Inputs, withSecrets)
	if err != nil {
		return "", nil, err
	}
	ctx := context.Background()
	checked, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: urn, News: inputs, RandomSeed: []byte(urn)})
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", args.Name, err)
	}
	for _, failure := range checked.GetFailures() {
		err = errors.Join(err, fmt.Errorf("%s: %s: %s", args.Name, failure.GetProperty(), failure.GetReason()))
	}
	if err != nil {
		return "", nil, err
	}
	made, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: urn, Properties: checked.GetInputs()})
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", args.Name, err)
	}
	state, err := plugin.UnmarshalProperties(made.GetProperties(), withSecrets)
	if err != nil {
		return "", nil, err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.resources = append(s.resources, deployed{args.TypeToken, args.Name, region, urn, made.GetId(), state, func() error {
		_, err := p.Delete(ctx, &pulumirpc.DeleteRequest{Urn: urn, Id: made.GetId(), Properties: made.GetProperties(), OldInputs: checked.GetInputs()})
		return err
	}})
	return made.GetId(), state, nil
}

// Call answers an invoke.
func (s *simulated) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	p, err := s.provider(s.regionOf(args.Provider))
	if err != nil {
		return nil, err
	}
	inputs, err := plugin.MarshalProperties(args.Args, withSecrets)
	if err != nil {
		return nil, err
	}
	answer, err := p.Invoke(context.Background(), &pulumirpc.InvokeRequest{Tok: args.Token, Args: inputs})
	if err != nil {
		return nil, err
	}
	return plugin.UnmarshalProperties(answer.GetReturn(), withSecrets)
}

// one is the resource of a type with the given name.
func (s *simulated) one(t *testing.T, typ, name string) deployed {
	t.Helper()
	for _, r := range s.resources {
		if r.Type == typ && r.Name == name {
			return r
		}
	}
	t.Fatalf("no %s is named %q", typ, name)
	return deployed{}
}

// ofType are the resources of a type.
func (s *simulated) ofType(typ string) []deployed {
	var found []deployed
	for _, r := range s.resources {
		if r.Type == typ {
			found = append(found, r)
		}
	}
	return found
}

// confirmEverything does what the owners of all addresses do with the mails they get.
func (s *simulated) confirmEverything(t *testing.T) {
	t.Helper()
	for _, r := range s.ofType(subscriptionType) {
		require.NoError(t, s.account().ConfirmSubscription(r.ID))
	}
	for _, r := range s.ofType(emailContactType) {
		require.NoError(t, s.account().ActivateContact(r.ID))
	}
}
