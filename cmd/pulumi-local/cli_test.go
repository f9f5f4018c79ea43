package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUsableVersions(t *testing.T) {
	for version, want := range map[string]bool{
		"v3.200.0": true, "3.255.0": true, "v3.256.0-alpha.1": true, "v3.199.9": false, "v2.300.0": false,
		"v4.0.0": false, "": false, "unknown": false, "v3": false,
	} {
		require.Equal(t, want, usable(version), version)
	}
}

func TestPinnedVersionIsThatOfToolsModule(t *testing.T) {
	version, err := pinnedVersion(filepath.Join("..", "..", "tools", "go.mod"))
	require.NoError(t, err)
	require.True(t, usable(version), version)

	for _, text := range []string{
		"require github.com/pulumi/pulumi/pkg/v3 v3.1.2\n",
		"require (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.1.2 // indirect\n)\n",
	} {
		file := filepath.Join(t.TempDir(), "go.mod")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		version, err := pinnedVersion(file)
		require.NoError(t, err)
		require.Equal(t, "v3.1.2", version)
	}
	file := filepath.Join(t.TempDir(), "go.mod")
	require.NoError(t, os.WriteFile(file, []byte("module x\n"), 0o600))
	_, err = pinnedVersion(file)
	require.ErrorContains(t, err, file)
}

func TestFindCLIPrefersAUsableOneOnPath(t *testing.T) {
	p := newProject(t, "")
	bin := t.TempDir()
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	installed := filepath.Join(bin, "pulumi")
	install := func(version string) {
		script := fmt.Sprintf("#!/bin/sh\necho %s\n", version)
		require.NoError(t, os.WriteFile(installed, []byte(script), 0o700))
	}

	install("v3.240.1")
	found, err := findCLI(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, installed, found)

	// Too old: the pinned one is wanted, which this project has no tools module for.
	install("v3.100.0")
	_, err = findCLI(t.Context(), p)
	require.ErrorContains(t, err, filepath.Join(p.tools(), "go.mod"))
}

func TestBuiltVersionOfWhatIsNoCLI(t *testing.T) {
	require.Empty(t, builtVersion(filepath.Join(t.TempDir(), "missing")))
	itself, err := os.Executable()
	require.NoError(t, err)
	require.Empty(t, builtVersion(itself))
}

func TestBuildShowsTheCompilersWords(t *testing.T) {
	directory := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600))
	}
	write("go.mod", "module x\n\ngo 1.25\n")
	write("main.go", "package main\n\nfunc main() { undefinedName() }\n")
	b := goBuild{what: "the program", directory: directory, pkg: ".", output: filepath.Join(directory, "program")}
	err := build(t.Context(), b)
	require.ErrorContains(t, err, "build the program: go build failed:")
	require.ErrorContains(t, err, "undefined: undefinedName")
	require.NoFileExists(t, b.output)

	write("main.go", "package main\n\nfunc main() {}\n")
	require.NoError(t, build(t.Context(), b))
	require.FileExists(t, b.output)
	require.NoFileExists(t, b.output+".unfinished")
}
