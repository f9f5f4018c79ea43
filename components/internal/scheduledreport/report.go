package scheduledreport

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
)

// Report is a report of a component. The names of its children and their physical names begin with those of the component
// and its kind: they stand in users' states and accounts for ever.
type Report struct {
	Ctx       *pulumi.Context
	Component pulumi.Resource // the parent of all children
	Name      string          // the component's
	Prefix    string          // of physical names
	Kind      string          // such as "report": what the names continue with
	Where     account.Account
	Alerts    *alerthub.AlertHub // where failures are told
	Tags      pulumi.StringMapInput
}

// PhysicalName is that of the state machine, of its role and of the group of schedules.
func (r Report) PhysicalName() string { return r.Prefix + "-" + r.Kind }

// StateMachineArn is known before there is a state machine, so that policies can be read in a preview.
func (r Report) StateMachineArn() string {
	return r.Where.ARN("states", "stateMachine:"+r.PhysicalName())
}

// NewRole declares the role of the state machine with one inline policy, which what uses the role waits for.
func (r Report) NewRole(description, permissions string) (*iam.Role, *iam.RolePolicy, error) {
	trust := ServiceTrust(r.Where, "states.amazonaws.com", r.StateMachineArn()).JSON()
	return r.AddRole(r.Kind, description, trust, permissions)
}

// AddRole declares another role of the component with one inline policy. Its names end with the suffix.
func (r Report) AddRole(suffix, description, trust, permissions string) (*iam.Role, *iam.RolePolicy, error) {
	role, err := iam.NewRole(r.Ctx, r.Name+"-"+suffix+"-role", &iam.RoleArgs{
		Name:             pulumi.String(r.Prefix + "-" + suffix),
		Description:      pulumi.String(description),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             r.Tags,
	}, r.child()...)
	if err != nil {
		return nil, nil, err
	}
	rights, err := iam.NewRolePolicy(r.Ctx, r.Name+"-"+suffix+"-role-policy", &iam.RolePolicyArgs{
		Role:   role.Name,
		Name:   pulumi.String(suffix),
		Policy: pulumi.String(permissions),
	}, r.child()...)
	return role, rights, err
}

// child are the options of a child: its parent and what has to exist before.
func (r Report) child(after ...pulumi.Resource) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(r.Component)}
	if len(after) > 0 {
		opts = append(opts, pulumi.DependsOn(after))
	}
	return slices.Clip(opts)
}
