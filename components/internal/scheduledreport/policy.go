package scheduledreport

import (
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// ServiceTrust lets a service assume a role for sources in this account, and for nobody else's.
func ServiceTrust(where account.Account, service string, sources ...string) policy.Document {
	return policy.New(policy.Statement{
		Effect: policy.Allow, Principal: policy.Service(service), Action: policy.List{"sts:AssumeRole"},
		Condition: policy.Condition{
			"StringEquals": {"aws:SourceAccount": {where.ID}},
			"ArnLike":      {"aws:SourceArn": sources},
		},
	})
}

func startPermissions(stateMachine string) policy.Document {
	return policy.New(policy.Statement{
		Effect: policy.Allow, Action: policy.List{"states:StartExecution"}, Resource: policy.List{stateMachine},
	})
}
