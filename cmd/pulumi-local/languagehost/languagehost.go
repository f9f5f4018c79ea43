// Package languagehost serves Pulumi's LanguageRuntime protocol for one compiled Go program, so that the engine can run
// that program without the Go language plugin. The engine finds the server by `pulumi … --client=ADDRESS`.
package languagehost

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Program is what the host runs when the engine asks for a run.
type Program struct {
	// Build returns the path of the executable and compiles it first where needed. It is called once per run.
	Build func(context.Context) (string, error)
	// Directory is the program's working directory.
	Directory string
	// Environment is what the program starts with, as in os.Environ; the PULUMI_* variables of the run come on top.
	Environment []string
}

// Host is a running language host.
type Host struct {
	address string
	cancel  chan bool
	done    <-chan error
}

// Serve starts a host for the program on a free port of the loopback interface.
func Serve(program Program) (*Host, error) {
	cancel := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &runtime{program: program})
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("start the language host: %w", err)
	}
	return &Host{address: fmt.Sprintf("127.0.0.1:%d", handle.Port), cancel: cancel, done: handle.Done}, nil
}

// Address is the host and port for the CLI's --client flag.
func (h *Host) Address() string { return h.address }

// Close stops the host after the calls in progress have ended.
func (h *Host) Close() error {
	close(h.cancel)
	return <-h.done
}

// runtime implements the calls that an engine makes on a host it attaches to by address. The rest (code generation,
// templates, plugins written in Go) answers "unimplemented", which the engine understands.
type runtime struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	program Program
}

// Handshake accepts any engine: the engine's address comes with each run.
func (r *runtime) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo has no version to give: the host is not a released plugin.
func (r *runtime) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// GetRequiredPlugins names none: the engine would download what is named, and the one provider is attached by port.
func (r *runtime) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// GetRequiredPackages names none, for the same reason.
func (r *runtime) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// GetProgramDependencies names none: only `pulumi about` asks, and it never attaches to a host.
func (r *runtime) GetProgramDependencies(
	context.Context, *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	return &pulumirpc.GetProgramDependenciesResponse{}, nil
}

// About names the language alone.
func (r *runtime) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	return &pulumirpc.AboutResponse{Executable: "go"}, nil
}

// InstallDependencies has nothing to do: go build fetches modules itself.
func (r *runtime) InstallDependencies(
	*pulumirpc.InstallDependenciesRequest, grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	return nil
}

// Run builds and starts the program and waits for its end.
func (r *runtime) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if len(request.GetArgs()) == 0 {
		return nil, errors.New("the run request names no engine address; attach to this host with --client")
	}
	executable, err := r.program.Build(ctx)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	engine, err := connect(ctx, request.GetArgs()[0])
	if err != nil {
		return nil, err
	}
	defer engine.Close()

	variables, err := runVariables(request)
	if err != nil {
		return nil, err
	}
	return run(ctx, process{
		executable:  executable,
		directory:   r.program.Directory,
		environment: append(append([]string{}, r.program.Environment...), variables...),
		output:      engine,
	}), nil
}
