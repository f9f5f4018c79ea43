package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// passphrase protects nothing: the secrets of a simulated account are no secrets, and whoever reads the state may also
// read this line.
const passphrase = "simulated"

// keptVariables are the PULUMI_* variables a user may set: they change how the CLI works and shows, not what it works on.
var keptVariables = []string{
	"PULUMI_CONTINUE_ON_ERROR", "PULUMI_DEBUG_COMMANDS", "PULUMI_DEBUG_GRPC", "PULUMI_EXPERIMENTAL", "PULUMI_PARALLEL",
	"PULUMI_RUN_PROGRAM", "PULUMI_SKIP_CHECKPOINTS", "PULUMI_SKIP_CONFIRMATIONS",
}

// cleanEnvironment is the user's environment without what could lead to a real account, another state, or a login.
func cleanEnvironment(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		name = strings.ToUpper(name)
		return strings.HasPrefix(name, "AWS_") ||
			strings.HasPrefix(name, "PULUMI_") && !slices.Contains(keptVariables, name)
	})
}

// cliEnvironment is what the CLI starts with: everything it keeps lies in the project, and it asks nobody for anything.
func (p project) cliEnvironment(environ []string, providers string) []string {
	environment := append(cleanEnvironment(environ),
		"PULUMI_HOME="+p.home(),
		"PULUMI_BACKEND_URL=file://"+filepath.ToSlash(p.state()),
		"PULUMI_CONFIG_PASSPHRASE="+passphrase,
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PULUMI_SUPPRESS_NEO_LINK=true",
	)
	if providers != "" {
		environment = append(environment, "PULUMI_DEBUG_PROVIDERS="+providers)
	}
	return environment
}
