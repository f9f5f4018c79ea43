package logarchive

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// refuseLockOut stops a deployment whose own caller could not change the archives afterwards. A preview is only warned:
// it may well be made by a role that deploys nothing.
func (b *builder) refuseLockOut() error {
	if len(b.args.Deployers) == 0 || isDeployer(b.where.Caller, b.callersRole(), b.args.Deployers) {
		return nil
	}
	problem := fmt.Errorf("field Deployers: %q deploys, but is not among %s; without MFA it could not change the archives again. "+
		"Add the ARN of its role or user, with the path", b.where.Caller, strings.Join(b.args.Deployers, ", "))
	if !b.ctx.DryRun() {
		return problem
	}
	return b.ctx.Log.Warn(problem.Error(), &pulumi.LogArgs{Resource: b.archive})
}

// callersRole is the ARN, with its path, of the role whose session deploys; empty where AWS does not tell, or for a user.
func (b *builder) callersRole() string {
	if !strings.Contains(b.where.Caller, ":assumed-role/") {
		return ""
	}
	// By its token: the package aws/iam would be compiled for this one call.
	var session struct {
		IssuerArn string `pulumi:"issuerArn"`
	}
	err := b.ctx.Invoke("aws:iam/getSessionContext:getSessionContext", map[string]any{"arn": b.where.Caller}, &session, pulumi.Parent(b.archive))
	if err != nil || session.IssuerArn == b.where.Caller {
		return "" // a deployer may lack iam:GetRole
	}
	return session.IssuerArn
}

// isDeployer says whether the caller is one of the deployers. The ARN of a session lacks the path of its role; where the
// role's ARN is not known, names are compared.
func isDeployer(caller, role string, deployers []string) bool {
	callerParts := strings.SplitN(caller, ":", 6)
	if len(callerParts) < 6 || callerParts[5] == "root" {
		return true
	}
	kind, name, _ := strings.Cut(callerParts[5], "/")
	session, _, _ := strings.Cut(name, "/")
	return slices.ContainsFunc(deployers, func(deployer string) bool {
		parts := strings.SplitN(deployer, ":", 6)
		switch deployerKind, deployerName, _ := strings.Cut(parts[5], "/"); {
		case role != "":
			return like(deployer, role)
		case kind == "assumed-role" && deployerKind == "role":
			return parts[1] == callerParts[1] && like(parts[4], callerParts[4]) && like(path.Base(deployerName), session)
		default:
			return like(deployer, caller)
		}
	})
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
