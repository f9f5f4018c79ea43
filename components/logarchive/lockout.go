package logarchive

import (
	"fmt"
	"path"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// refuseLockOut stops a deployment whose own caller could not change the archives afterwards. A preview is only warned:
// it may well be made by a role that deploys nothing.
func (b *builder) refuseLockOut() error {
	if len(b.args.Deployers) == 0 || isDeployer(b.where.Caller, b.args.Deployers) {
		return nil
	}
	problem := fmt.Errorf("Deployers: %q deploys, but is not among %s; without MFA it could not change the archives again. "+
		"Add the ARN of its role or user, with the path", b.where.Caller, strings.Join(b.args.Deployers, ", "))
	if !b.ctx.DryRun() {
		return problem
	}
	return b.ctx.Log.Warn(problem.Error(), &pulumi.LogArgs{Resource: b.archive})
}

// isDeployer says whether the caller is one of the deployers. The ARN of a session lacks the path of its role, so that
// roles are compared by their names.
func isDeployer(caller string, deployers []string) bool {
	callerParts := strings.SplitN(caller, ":", 6)
	if len(callerParts) < 6 || callerParts[5] == "root" {
		return true
	}
	kind, name, _ := strings.Cut(callerParts[5], "/")
	for _, deployer := range deployers {
		parts := strings.SplitN(deployer, ":", 6)
		if !like(parts[4], callerParts[4]) {
			continue
		}
		deployerKind, deployerName, _ := strings.Cut(parts[5], "/")
		switch {
		case kind == "user" && deployerKind == "user":
			if like(deployerName, name) {
				return true
			}
		case kind == "assumed-role" && deployerKind == "role":
			role, _, _ := strings.Cut(name, "/")
			if like(path.Base(deployerName), role) {
				return true
			}
		}
	}
	return false
}

// like matches with * and ?, which stand for slashes too, as ArnLike does.
func like(pattern, value string) bool {
	if pattern == "" {
		return value == ""
	}
	if pattern[0] == '*' {
		for i := 0; i <= len(value); i++ {
			if like(pattern[1:], value[i:]) {
				return true
			}
		}
		return false
	}
	return value != "" && (pattern[0] == '?' || pattern[0] == value[0]) && like(pattern[1:], value[1:])
}
