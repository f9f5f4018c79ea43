package languagehost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// programBehaviour selects, in the environment, what this test binary does when the host starts it as a program.
const programBehaviour = "LANGUAGEHOST_TEST_PROGRAM"

func TestMain(m *testing.M) {
	behaviour, isProgram := os.LookupEnv(programBehaviour)
	if !isProgram {
		os.Exit(m.Run())
	}
	switch behaviour {
	case "pulumi":
		pulumi.Run(func(ctx *pulumi.Context) error {
			ctx.Export("region", pulumi.String(ctx.Stack()))
			return nil
		})
	case "pulumi-error":
		pulumi.Run(func(*pulumi.Context) error { return errors.New("no such trail") })
	case "environment":
		for _, variable := range os.Environ() {
			fmt.Println(variable)
		}
		directory, _ := os.Getwd()
		fmt.Print("directory=" + directory)
	case "streams":
		fmt.Println("one")
		fmt.Fprintln(os.Stderr, "two")
		fmt.Print("three, without a line end")
	case "exit":
		os.Exit(3)
	case "wait":
		fmt.Println("started")
		select {}
	}
	os.Exit(0)
}

// fakeEngine is as much of an engine and its resource monitor as a program without resources talks to.
type fakeEngine struct {
	pulumirpc.UnimplementedEngineServer
	pulumirpc.UnimplementedResourceMonitorServer

	mutex   sync.Mutex
	logged  []*pulumirpc.LogRequest
	outputs map[string]any
	root    string
	onLog   func()
}

func (f *fakeEngine) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.logged = append(f.logged, request)
	if f.onLog != nil {
		f.onLog()
	}
	return &emptypb.Empty{}, nil
}

func (f *fakeEngine) GetRootResource(
	context.Context, *pulumirpc.GetRootResourceRequest,
) (*pulumirpc.GetRootResourceResponse, error) {
	return &pulumirpc.GetRootResourceResponse{Urn: f.root}, nil
}

func (f *fakeEngine) SetRootResource(
	_ context.Context, request *pulumirpc.SetRootResourceRequest,
) (*pulumirpc.SetRootResourceResponse, error) {
	f.root = request.GetUrn()
	return &pulumirpc.SetRootResourceResponse{}, nil
}

func (f *fakeEngine) SupportsFeature(
	context.Context, *pulumirpc.SupportsFeatureRequest,
) (*pulumirpc.SupportsFeatureResponse, error) {
	return &pulumirpc.SupportsFeatureResponse{HasSupport: true}, nil
}

func (f *fakeEngine) RegisterResource(
	_ context.Context, request *pulumirpc.RegisterResourceRequest,
) (*pulumirpc.RegisterResourceResponse, error) {
	return &pulumirpc.RegisterResourceResponse{
		Urn: "urn:pulumi:dev::baseline::" + request.GetType() + "::" + request.GetName(),
	}, nil
}

func (f *fakeEngine) RegisterResourceOutputs(
	_ context.Context, request *pulumirpc.RegisterResourceOutputsRequest,
) (*emptypb.Empty, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.outputs = request.GetOutputs().AsMap()
	return &emptypb.Empty{}, nil
}

func (f *fakeEngine) SignalAndWaitForShutdown(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (f *fakeEngine) messages() []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var messages []string
	for _, request := range f.logged {
		messages = append(messages, request.GetMessage())
	}
	return messages
}

// serve starts the fake engine and returns its address.
func (f *fakeEngine) serve(t *testing.T) string {
	cancel := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterEngineServer(server, f)
			pulumirpc.RegisterResourceMonitorServer(server, f)
			return nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { close(cancel) })
	return fmt.Sprintf("127.0.0.1:%d", handle.Port)
}

// hosted serves this test binary as a program and returns a client of the host.
func hosted(t *testing.T, behaviour, directory string) pulumirpc.LanguageRuntimeClient {
	return client(t, Program{
		Build:       func(context.Context) (string, error) { return os.Executable() },
		Directory:   directory,
		Environment: []string{programBehaviour + "=" + behaviour, "KEPT=yes"},
	})
}

func client(t *testing.T, program Program) pulumirpc.LanguageRuntimeClient {
	host, err := Serve(program)
	require.NoError(t, err)
	connection, err := grpc.NewClient(host.Address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, connection.Close())
		require.NoError(t, host.Close())
	})
	return pulumirpc.NewLanguageRuntimeClient(connection)
}

func request(engineAddress string) *pulumirpc.RunRequest {
	return &pulumirpc.RunRequest{
		Project: "baseline", Stack: "dev", Organization: "organization", Parallel: 4, DryRun: true,
		Config:           map[string]string{"aws:region": "ap-northeast-1", "baseline:alerts": `{"emails":["a@example.com"]}`},
		ConfigSecretKeys: []string{"baseline:alerts"},
		Args:             []string{engineAddress}, MonitorAddress: engineAddress,
		Info: &pulumirpc.ProgramInfo{RootDirectory: "/project"},
	}
}

func TestRunHandsTheProgramItsRun(t *testing.T) {
	engine := &fakeEngine{}
	address := engine.serve(t)
	directory, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)

	response, err := hosted(t, "environment", directory).Run(t.Context(), request(address))
	require.NoError(t, err)
	require.Equal(t, "", response.GetError())
	require.False(t, response.GetBail())

	seen := map[string]string{}
	for _, line := range engine.messages() {
		name, value, _ := strings.Cut(line, "=")
		seen[name] = value
	}
	for name, want := range map[string]string{
		"PULUMI_ORGANIZATION": "organization", "PULUMI_PROJECT": "baseline", "PULUMI_STACK": "dev",
		"PULUMI_ROOT_DIRECTORY": "/project", "PULUMI_DRY_RUN": "true", "PULUMI_PARALLEL": "4",
		"PULUMI_MONITOR": address, "PULUMI_ENGINE": address, "PULUMI_CONFIG_SECRET_KEYS": `["baseline:alerts"]`,
		"KEPT": "yes", "directory": directory,
	} {
		require.Equal(t, want, seen[name], name)
	}
	var config map[string]string
	require.NoError(t, json.Unmarshal([]byte(seen["PULUMI_CONFIG"]), &config))
	require.Equal(t, request(address).GetConfig(), config)
	require.NotContains(t, seen, "HOME", "the program gets the environment it was given, nothing of the host's own")
}

func TestRunReportsHowTheProgramEnded(t *testing.T) {
	for _, row := range []struct {
		behaviour string
		err       string
		bail      bool
		logged    []string
	}{
		{behaviour: "streams", logged: []string{"one", "two", "three, without a line end"}},
		{behaviour: "exit", err: "program exited with code 3"},
		{behaviour: "pulumi"},
		{behaviour: "pulumi-error", bail: true, logged: []string{"no such trail"}},
	} {
		t.Run(row.behaviour, func(t *testing.T) {
			engine := &fakeEngine{}
			response, err := hosted(t, row.behaviour, t.TempDir()).Run(t.Context(), request(engine.serve(t)))
			require.NoError(t, err)
			require.Equal(t, row.err, response.GetError())
			require.Equal(t, row.bail, response.GetBail())
			all := strings.Join(engine.messages(), "\n")
			for _, want := range row.logged {
				require.Contains(t, all, want)
			}
			if row.behaviour == "pulumi" {
				require.Equal(t, map[string]any{"region": "dev"}, engine.outputs)
			}
		})
	}
}

func TestRunWithoutConfigurationGivesTheProgramEmptyOnes(t *testing.T) {
	variables, err := runVariables(&pulumirpc.RunRequest{Args: []string{"engine"}})
	require.NoError(t, err)
	require.Contains(t, variables, "PULUMI_CONFIG={}")
	require.Contains(t, variables, "PULUMI_CONFIG_SECRET_KEYS=[]")
}

// The names are written out in variables.go; the SDK's own are the truth.
func TestVariableNamesAreTheSDKs(t *testing.T) {
	full := request("engine")
	variables, err := runVariables(full)
	require.NoError(t, err)
	var names []string
	for _, variable := range variables {
		name, _, _ := strings.Cut(variable, "=")
		names = append(names, name)
	}
	require.ElementsMatch(t, []string{
		pulumi.EnvOrganization, pulumi.EnvProject, pulumi.EnvPulumiRootDirectory, pulumi.EnvStack, pulumi.EnvConfig,
		pulumi.EnvConfigSecretKeys, pulumi.EnvDryRun, pulumi.EnvParallel, pulumi.EnvMonitor, pulumi.EnvEngine,
	}, names)
}

func TestRunRefusesWhatItCannotRun(t *testing.T) {
	engine := &fakeEngine{}
	address := engine.serve(t)

	failing := client(t, Program{Build: func(context.Context) (string, error) { return "", errors.New("main.go:3: undefined: x") }})
	response, err := failing.Run(t.Context(), request(address))
	require.NoError(t, err)
	require.Equal(t, "main.go:3: undefined: x", response.GetError())

	missing := client(t, Program{Build: func(context.Context) (string, error) { return "/nonexistent/program", nil }})
	response, err = missing.Run(t.Context(), request(address))
	require.NoError(t, err)
	require.Contains(t, response.GetError(), "/nonexistent/program")

	without := request(address)
	without.Args = nil
	_, err = failing.Run(t.Context(), without)
	require.ErrorContains(t, err, "--client")
}

func TestProgramEndsWhenTheEngineGoes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	engine := &fakeEngine{onLog: cancel} // the program has started: the engine gives up on it
	_, err := hosted(t, "wait", t.TempDir()).Run(ctx, request(engine.serve(t)))
	require.ErrorContains(t, err, "canceled")
	require.Equal(t, []string{"started"}, engine.messages())
	// Closing the host, in the test's clean-up, waits for the call and so for the program's end.
}

func TestHostNamesNoPlugins(t *testing.T) {
	host := hosted(t, "streams", t.TempDir())
	packages, err := host.GetRequiredPackages(t.Context(), &pulumirpc.GetRequiredPackagesRequest{})
	require.NoError(t, err)
	require.Empty(t, packages.GetPackages())
	_, err = host.Handshake(t.Context(), &pulumirpc.LanguageHandshakeRequest{})
	require.NoError(t, err)
	_, err = host.GetPluginInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
}
