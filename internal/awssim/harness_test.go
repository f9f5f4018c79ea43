package awssim

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"
)

// client drives a server the way the engine does: check, then create, update, …, on
// a connection of its own that is configured once.
type client struct {
	t      *testing.T
	server *Server
	rpc    pulumirpc.ResourceProviderClient
}

const testRegion = "ap-northeast-1"

// serve starts a server in memory with a client in the test Region.
func serve(t *testing.T, options ...Options) *client {
	t.Helper()
	var o Options
	if len(options) > 0 {
		o = options[0]
	}
	server, err := Serve(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	region := testRegion
	if o.Partition != "" {
		region = partitions[o.Partition].enabled[0]
	}
	return connect(t, server, props{"region": region})
}

// connect opens another provider instance on the server.
func connect(t *testing.T, server *Server, config props) *client {
	t.Helper()
	c := dial(t, server)
	_, err := c.rpc.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: c.encode(config), AcceptSecrets: true})
	require.NoError(t, err)
	return c
}

func dial(t *testing.T, server *Server) *client {
	t.Helper()
	conn, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", server.Port()), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return &client{t, server, pulumirpc.NewResourceProviderClient(conn)}
}

// in gives a client in another Region of the same account.
func (c *client) in(region string) *client {
	c.t.Helper()
	return connect(c.t, c.server, props{"region": region})
}

func (c *client) account() *Account { return c.server.Account() }

// made is a resource that stands.
type made struct {
	token, name, id string
	inputs, state   props
}

func (m *made) str(property string) string { return str(m.state, property) }

func testURN(token, name string) string { return "urn:pulumi:test::test::" + token + "::" + name }

// check returns the checked inputs, or the failures as an error.
func (c *client) check(token, name string, olds, in props) (props, error) {
	c.t.Helper()
	seed := sha256.Sum256([]byte(name))
	res, err := c.rpc.Check(context.Background(), &pulumirpc.CheckRequest{
		Urn: testURN(token, name), Olds: c.encode(olds), News: c.encode(in), RandomSeed: seed[:],
	})
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, f := range res.GetFailures() {
		problems = append(problems, f.GetProperty()+": "+f.GetReason())
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	out, _, err := decode(res.GetInputs())
	return out, err
}

// try creates a resource as an update of the engine does and returns what was refused.
func (c *client) try(token, name string, in props) (*made, error) {
	c.t.Helper()
	inputs, err := c.check(token, name, nil, in)
	if err != nil {
		return nil, err
	}
	res, err := c.rpc.Create(context.Background(), &pulumirpc.CreateRequest{Urn: testURN(token, name), Properties: c.encode(inputs)})
	if err != nil {
		return nil, err
	}
	state, _, err := decode(res.GetProperties())
	return &made{token, name, res.GetId(), inputs, state}, err
}

// create makes a resource that must not be refused.
func (c *client) create(token, name string, in props) *made {
	c.t.Helper()
	m, err := c.try(token, name, in)
	require.NoError(c.t, err)
	return m
}

// diff compares a standing resource with new inputs.
func (c *client) diff(m *made, in props) *pulumirpc.DiffResponse {
	c.t.Helper()
	inputs, err := c.check(m.token, m.name, m.inputs, in)
	require.NoError(c.t, err)
	res, err := c.rpc.Diff(context.Background(), &pulumirpc.DiffRequest{
		Id: m.id, Urn: testURN(m.token, m.name), Olds: c.encode(m.state), OldInputs: c.encode(m.inputs), News: c.encode(inputs),
	})
	require.NoError(c.t, err)
	return res
}

// update changes a standing resource in place.
func (c *client) update(m *made, in props) error {
	c.t.Helper()
	inputs, err := c.check(m.token, m.name, m.inputs, in)
	if err != nil {
		return err
	}
	res, err := c.rpc.Update(context.Background(), &pulumirpc.UpdateRequest{
		Id: m.id, Urn: testURN(m.token, m.name), Olds: c.encode(m.state), OldInputs: c.encode(m.inputs), News: c.encode(inputs),
	})
	if err != nil {
		return err
	}
	m.inputs = inputs
	m.state, _, err = decode(res.GetProperties())
	return err
}

// read refreshes a resource, or imports it when m has an id only. It tells whether
// the resource is there.
func (c *client) read(m *made) bool {
	c.t.Helper()
	res, err := c.rpc.Read(context.Background(), &pulumirpc.ReadRequest{
		Id: m.id, Urn: testURN(m.token, m.name), Properties: c.encode(m.state), Inputs: c.encode(m.inputs),
	})
	require.NoError(c.t, err)
	if res.GetId() == "" {
		return false
	}
	m.id = res.GetId()
	m.state, _, err = decode(res.GetProperties())
	require.NoError(c.t, err)
	m.inputs, _, err = decode(res.GetInputs())
	require.NoError(c.t, err)
	return true
}

// readError is what a refresh or import fails with.
func (c *client) readError(m *made) error {
	c.t.Helper()
	_, err := c.rpc.Read(context.Background(), &pulumirpc.ReadRequest{
		Id: m.id, Urn: testURN(m.token, m.name), Properties: c.encode(m.state), Inputs: c.encode(m.inputs),
	})
	return err
}

func (c *client) remove(m *made) error {
	c.t.Helper()
	_, err := c.rpc.Delete(context.Background(), &pulumirpc.DeleteRequest{
		Id: m.id, Urn: testURN(m.token, m.name), Properties: c.encode(m.state), OldInputs: c.encode(m.inputs),
	})
	return err
}

func (c *client) invoke(token string, args props) (props, error) {
	c.t.Helper()
	res, err := c.rpc.Invoke(context.Background(), &pulumirpc.InvokeRequest{Tok: token, Args: c.encode(args)})
	if err != nil {
		return nil, err
	}
	out, _, err := decode(res.GetReturn())
	return out, err
}

// unchanged asserts that a refresh of the resource finds no drift.
func (c *client) unchanged(m *made) {
	c.t.Helper()
	before := m.inputs
	require.True(c.t, c.read(m), "%s %s is gone", m.token, m.id)
	require.Empty(c.t, diffInputs(schemas[m.token], before, m.inputs), "drift after refresh of %s", m.token)
}

// imported asserts that the resource can be imported with the inputs it was made from.
func (c *client) imported(m *made) {
	c.t.Helper()
	again := &made{token: m.token, name: m.name, id: m.id}
	require.True(c.t, c.read(again), "import of %s %s", m.token, m.id)
	for _, change := range diffInputs(schemas[m.token], again.inputs, m.inputs) {
		require.Fail(c.t, "import differs", "%s %s: %v", m.token, m.id, change.at)
	}
}

func (c *client) encode(p props) *structpb.Struct {
	c.t.Helper()
	if p == nil {
		return nil
	}
	s, err := encode(p, nil)
	require.NoError(c.t, err)
	return s
}

// refusedWith asserts AWS's error name.
func refusedWith(t *testing.T, err error, name string) {
	t.Helper()
	require.Error(t, err, "not refused, expected %s", name)
	require.Contains(t, err.Error(), name)
}

// secretPathsOf marks top-level properties as secret.
func secretPathsOf(names ...string) []resource.PropertyPath {
	var paths []resource.PropertyPath
	for _, name := range names {
		paths = append(paths, resource.PropertyPath{name})
	}
	return paths
}
