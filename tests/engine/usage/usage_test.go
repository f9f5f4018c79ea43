package usage_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine/usage"
)

// TestASmallProcessOfALargeOneIsSmall: the memory of whoever measures is not that of what is measured.
func TestASmallProcessOfALargeOneIsSmall(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux says how much memory a process had")
	}
	const large = 300 << 20
	ballast := make([]byte, large)
	for i := 0; i < large; i += os.Getpagesize() {
		ballast[i] = 1
	}
	meter, err := usage.NewMeter(t.TempDir())
	require.NoError(t, err)
	command := exec.Command(meter.Executable(), "-c", "exit 7")
	command.Env = append(os.Environ(), meter.Environment("/bin/sh")...)
	var exit *exec.ExitError
	require.ErrorAs(t, command.Run(), &exit)
	require.Equal(t, 7, exit.ExitCode(), "the code is that of the command")
	used, err := meter.Read()
	require.NoError(t, err)
	require.Positive(t, used.Memory)
	require.Less(t, used.Memory, int64(large/3))
	runtime.KeepAlive(ballast)
}

// TestToolsAreToldApart: what -toolexec runs for the same package is added up.
func TestToolsAreToldApart(t *testing.T) {
	meter, err := usage.NewMeter(t.TempDir())
	require.NoError(t, err)
	tool := func(of, command string) {
		run := exec.Command(meter.Executable(), "/bin/sh", "-c", command)
		run.Env = append(append(os.Environ(), "TOOLEXEC_IMPORTPATH="+of), meter.ToolEnvironment("the linker")...)
		require.NoError(t, run.Run())
	}
	const busy = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"
	tool("a/package", busy)
	once, err := meter.ReadTools()
	require.NoError(t, err)
	tool("a/package", busy)
	tool("another", "true")
	twice, err := meter.ReadTools()
	require.NoError(t, err)
	require.Len(t, twice, 2)
	require.Positive(t, once["a/package"].CPU)
	require.Greater(t, twice["a/package"].CPU, once["a/package"].CPU)
}
