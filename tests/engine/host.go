package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy/deploytest"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// awsVersion is the pulumi-aws version that the program asks for.
var awsVersion = semver.MustParse("6.83.2")

// attachments are the connections to the simulated account, one for each provider instance: the account tells the
// instances apart by their connections.
type attachments struct {
	address string

	mutex       sync.Mutex
	connections []*grpc.ClientConn
}

// hostFactory makes the plugin host of one operation: it knows the aws provider and nothing else.
func (a *attachments) hostFactory() engine.HostFactory {
	return func(_ context.Context, sink, status diag.Sink, _ plugin.DebugContext) (plugin.Host, error) {
		return deploytest.NewPluginHost(sink, status, nil,
			deploytest.NewProviderLoader("aws", awsVersion, a.attach, deploytest.WithHandshake)), nil
	}
}

func (a *attachments) attach() (plugin.Provider, error) {
	connection, err := grpc.NewClient(a.address,
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, fmt.Errorf("connect to the simulated account: %w", err)
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.connections = append(a.connections, connection)
	return plugin.NewProviderWithClient(nil, pulumirpc.NewResourceProviderClient(connection), false), nil
}

func (a *attachments) close() error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	var problems []error
	for _, connection := range a.connections {
		problems = append(problems, connection.Close())
	}
	a.connections = nil
	return errors.Join(problems...)
}
