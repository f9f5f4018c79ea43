package billingguard

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/scheduledreport"
)

// actionRights are what a budget action needs before there is a budget.
type actionRights struct {
	role      *iam.Role
	policyArn string
	made      []pulumi.Resource
}

// newActionRights declares the role of the budget action and, unless one is given, its deny policy
// (https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html).
func (b *builder) newActionRights() error {
	args := b.args.Action
	if args == nil || b.lacks(partition.BudgetActions) {
		return nil
	}
	policyArn, before, err := b.newStopPolicy(args)
	if err != nil {
		return err
	}
	budgetArn := b.where.ARNIn("", "budgets", "budget/"+b.prefix+"-"+monthly)
	role, rights, err := b.scheduled().AddRole("action", "Attaches the deny policy of the budget action to its targets",
		scheduledreport.ServiceTrust(b.where, "budgets.amazonaws.com", budgetArn, budgetArn+"/action/*").JSON(),
		actionPermissions(b.where, policyArn, args.Groups, args.Roles).JSON())
	if err != nil {
		return err
	}
	b.guard.ActionRoleArn = role.Arn
	b.action = &actionRights{role: role, policyArn: policyArn, made: append(before, rights)}
	b.early = append(b.early, b.action.made...)
	return nil
}

// newAction declares the budget action.
func (b *builder) newAction() error {
	if b.action == nil {
		return nil
	}
	args := b.args.Action
	_, err := budgets.NewBudgetAction(b.ctx, b.name+"-action", &budgets.BudgetActionArgs{
		BudgetName:       pulumi.String(b.prefix + "-" + monthly),
		ActionType:       pulumi.String("APPLY_IAM_POLICY"),
		NotificationType: pulumi.String(string(Actual)),
		ApprovalModel:    pulumi.String(string(args.approval())),
		ExecutionRoleArn: b.action.role.Arn,
		ActionThreshold: budgets.BudgetActionActionThresholdArgs{
			ActionThresholdType: pulumi.String("PERCENTAGE"), ActionThresholdValue: pulumi.Float64(args.percent()),
		},
		Definition: budgets.BudgetActionDefinitionArgs{IamActionDefinition: budgets.BudgetActionDefinitionIamActionDefinitionArgs{
			PolicyArn: pulumi.String(b.action.policyArn),
			Groups:    pulumi.ToStringArray(args.Groups),
			Roles:     pulumi.ToStringArray(args.Roles),
		}},
		Subscribers: b.actionSubscribers(),
		Tags:        b.tags,
	}, b.child(append(b.action.made, b.accountBudget)...)...)
	return err
}

// newStopPolicy returns the ARN of the deny policy, which follows from its name.
func (b *builder) newStopPolicy(args *ActionArgs) (string, []pulumi.Resource, error) {
	if args.PolicyArn != "" {
		return args.PolicyArn, nil, nil
	}
	name := b.prefix + "-stop"
	made, err := iam.NewPolicy(b.ctx, b.name+"-stop", &iam.PolicyArgs{
		Name:        pulumi.String(name),
		Description: pulumi.String("Denies starting what costs; attached by a budget action"),
		Policy:      pulumi.String(stopPolicy(args.BreakGlassArns).JSON()),
		Tags:        b.tags,
	}, b.child()...)
	return b.where.IAM("policy/" + name), []pulumi.Resource{made}, err
}

func (b *builder) actionSubscribers() (all budgets.BudgetActionSubscriberArray) {
	if b.args.Alerts != nil {
		all = append(all, budgets.BudgetActionSubscriberArgs{SubscriptionType: pulumi.String("SNS"), Address: b.args.Alerts.TopicArn(alerthub.Critical)})
	}
	for _, address := range b.args.Emails {
		all = append(all, budgets.BudgetActionSubscriberArgs{SubscriptionType: pulumi.String("EMAIL"), Address: pulumi.String(address)})
	}
	return all
}
