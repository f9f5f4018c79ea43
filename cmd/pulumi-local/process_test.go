//go:build unix

package main

import (
	"bufio"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestExitCodeIsKept(t *testing.T) {
	require.NoError(t, runAttached(exec.Command("/bin/sh", "-c", "exit 0")))
	require.Equal(t, exitError(7), runAttached(exec.Command("/bin/sh", "-c", "exit 7")))
	require.Equal(t, exitError(128+9), runAttached(exec.Command("/bin/sh", "-c", "kill -9 $$")))
	require.Error(t, runAttached(exec.Command("/nonexistent")))
}

// The CLI would stop hard at a second interrupt.
func TestInterruptReachesTheCommandOnce(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	command := exec.Command("/bin/sh", "-c",
		`trap 'n=$((n+1))' INT; n=0; echo ready; sleep 0.2; sleep 0.2; sleep 0.2; exit $((40+n))`)
	command.Stdout = writer
	ended := make(chan error, 1)
	go func() { ended <- runAttached(command) }()
	line, err := bufio.NewReader(reader).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGINT))
	// Long enough for the shell to have counted the first one.
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGINT))
	require.Equal(t, exitError(41), <-ended)
}
