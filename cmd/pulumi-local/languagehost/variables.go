package languagehost

import (
	"encoding/json"
	"fmt"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// runVariables are the environment variables by which a Go program learns about its run. The names are those of the
// constants EnvProject, EnvStack and so on of package sdk/v3/go/pulumi, which is not imported here because it would make
// every start of the CLI link the whole resource SDK.
func runVariables(request *pulumirpc.RunRequest) ([]string, error) {
	config, err := jsonText(request.GetConfig(), "{}")
	if err != nil {
		return nil, fmt.Errorf("encode the configuration: %w", err)
	}
	secretKeys, err := jsonText(request.GetConfigSecretKeys(), "[]")
	if err != nil {
		return nil, fmt.Errorf("encode the names of the secret settings: %w", err)
	}
	values := []struct{ name, value string }{
		{"PULUMI_ORGANIZATION", request.GetOrganization()},
		{"PULUMI_PROJECT", request.GetProject()},
		{"PULUMI_ROOT_DIRECTORY", request.GetInfo().GetRootDirectory()},
		{"PULUMI_STACK", request.GetStack()},
		{"PULUMI_CONFIG", config},
		{"PULUMI_CONFIG_SECRET_KEYS", secretKeys},
		{"PULUMI_DRY_RUN", strconv.FormatBool(request.GetDryRun())},
		{"PULUMI_PARALLEL", strconv.Itoa(int(request.GetParallel()))},
		{"PULUMI_MONITOR", request.GetMonitorAddress()},
		{"PULUMI_ENGINE", request.GetArgs()[0]},
	}
	var variables []string
	for _, v := range values {
		if v.value != "" {
			variables = append(variables, v.name+"="+v.value)
		}
	}
	return variables, nil
}

// jsonText encodes a map or slice; a nil one becomes empty, because "null" is neither to the program.
func jsonText[T map[string]string | []string](value T, empty string) (string, error) {
	if value == nil {
		return empty, nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}
