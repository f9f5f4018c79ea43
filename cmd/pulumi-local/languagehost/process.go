package languagehost

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// interruptGrace is how long a program may take to end after the engine has gone.
const interruptGrace = 10 * time.Second

// process is one run of the program.
type process struct {
	executable  string
	directory   string
	environment []string
	output      *engine
}

// run starts the process, forwards what it prints, and translates its end into the protocol's terms. A program that
// reported its failure to the engine itself ends with constant.ExitStatusLoggedError, to which the answer is Bail: the
// engine stops without printing the failure a second time.
func run(ctx context.Context, p process) *pulumirpc.RunResponse {
	command := exec.CommandContext(ctx, p.executable)
	command.Dir = p.directory
	command.Env = p.environment
	output := p.output.lines()
	command.Stdout, command.Stderr = output, output

	// A group of its own: Ctrl-C in the terminal is for the engine, which lets the operations in flight end first; a
	// program that the terminal interrupted too would turn a graceful cancel into a failed run.
	cmdutil.RegisterProcessGroup(command)
	command.Cancel = func() error { return cmdutil.Interrupt(command.Process.Pid) }
	command.WaitDelay = interruptGrace

	err := command.Run()
	output.flush()

	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == constant.ExitStatusLoggedError:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program exited with code %d", exit.ExitCode())}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: "program ended by " + exit.String()}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("run the program: %v", err)}
	}
}
