package main

import (
	"bufio"
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	cliModule  = "github.com/pulumi/pulumi/pkg/v3"
	cliPackage = cliModule + "/cmd/pulumi"
	// versionVariable is what the CLI reports as its version; a build from source leaves it empty.
	versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
	// The oldest CLI that is used from PATH. Older ones lack flags that pulumi-local gives.
	oldestMajor, oldestMinor = 3, 200
)

// findCLI returns the path of a usable pulumi: the one on PATH, or the one built before, or one that it builds now.
func findCLI(ctx context.Context, p project) (string, error) {
	if installed, err := exec.LookPath("pulumi"); err == nil {
		version, err := installedVersion(ctx, p, installed)
		if err == nil && usable(version) {
			return filepath.Abs(installed)
		}
		say("%s is not used: %s; pulumi-local needs %d.%d or newer and builds its own",
			installed, describeVersion(version, err), oldestMajor, oldestMinor)
	}
	wanted, err := pinnedVersion(filepath.Join(p.tools(), "go.mod"))
	if err != nil {
		return "", err
	}
	if builtVersion(p.cli()) == wanted {
		return p.cli(), nil
	}
	return p.cli(), buildCLI(ctx, p, wanted)
}

func buildCLI(ctx context.Context, p project, version string) error {
	return build(ctx, goBuild{
		what:      "the pulumi CLI " + version,
		expect:    "once only; 3 to 7 minutes where nothing is cached",
		directory: p.tools(),
		output:    p.cli(),
		pkg:       cliPackage,
		ldflags:   "-X " + versionVariable + "=" + strings.TrimPrefix(version, "v"),
	})
}

func installedVersion(ctx context.Context, p project, executable string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, executable, "version")
	command.Env = p.cliEnvironment(os.Environ(), "")
	output, err := command.Output()
	return strings.TrimSpace(string(output)), err
}

func describeVersion(version string, err error) string {
	if err != nil {
		return "its version is unknown (" + err.Error() + ")"
	}
	return fmt.Sprintf("its version is %q", version)
}

// usable reports whether a version such as "v3.255.0" is new enough. Another major version is not: its flags may differ.
func usable(version string) bool {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 3 {
		return false
	}
	major, majorErr := strconv.Atoi(parts[0])
	minor, minorErr := strconv.Atoi(parts[1])
	return majorErr == nil && minorErr == nil && major == oldestMajor && minor >= oldestMinor
}

// pinnedVersion is the version of the CLI that a go.mod file requires.
func pinnedVersion(gomod string) (string, error) {
	text, err := os.ReadFile(gomod)
	if err != nil {
		return "", fmt.Errorf("find the version of the pulumi CLI to build: %w", err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "require "))
		if len(fields) >= 2 && fields[0] == cliModule {
			return fields[1], nil
		}
	}
	return "", fmt.Errorf("%s does not require %s; without it no pulumi CLI can be built", gomod, cliModule)
}

// builtVersion is the version of the CLI's module in an executable, "" where there is no such executable.
func builtVersion(executable string) string {
	info, err := buildinfo.ReadFile(executable)
	if err != nil {
		return ""
	}
	for _, module := range append(info.Deps, &info.Main) {
		if module.Path == cliModule {
			return module.Version
		}
	}
	return ""
}
