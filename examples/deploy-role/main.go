package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/deployrole"
)

// policies are what `deploy-policy` prints.
type policies struct {
	Deploy, Preview map[string]json.RawMessage
	Boundary        json.RawMessage
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		repository, _ := ctx.GetConfig("deploy-role:repository")
		environment, _ := ctx.GetConfig("deploy-role:environment")
		file, _ := ctx.GetConfig("deploy-role:policies")
		p, err := read(file)
		if err != nil {
			return err
		}
		role, err := deployrole.NewDeployRole(ctx, "baseline", &deployrole.DeployRoleArgs{
			Repository:      repository,
			Environment:     environment,
			DeployPolicies:  texts(p.Deploy),
			PreviewPolicies: texts(p.Preview),
			Boundary:        string(p.Boundary),
		})
		if err != nil {
			return err
		}
		ctx.Export("deployRoleArn", role.DeployRoleArn)
		ctx.Export("previewRoleArn", role.PreviewRoleArn)
		return nil
	})
}

func read(file string) (p policies, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return p, fmt.Errorf("write it with deploy-policy first, docs/deployrole.md says how: %w", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, json.Unmarshal(compact.Bytes(), &p)
}

func texts(documents map[string]json.RawMessage) map[string]string {
	all := map[string]string{}
	for name, document := range documents {
		all[name] = string(document)
	}
	return all
}
