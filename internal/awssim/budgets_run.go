package awssim

import (
	"errors"
	"fmt"
	"slices"
)

// RunBudgetAction lets every IAM action of a budget happen as if its threshold was
// passed: Budgets assumes the execution role, and the role attaches the policy to the
// groups, roles and users of the action. approved stands for a person's approval, without
// which actions with a MANUAL approval model only wait. The subscribers are told. The
// error joins what was refused; the rest is done all the same.
// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
func (a *Account) RunBudgetAction(name string, approved bool) ([]Delivery, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.Budgets.Budgets[name]
	if b == nil {
		return nil, refuse("NotFoundException", "the budget "+name+" does not exist", budgetsAPI+"ExecuteBudgetAction.html")
	}
	var deliveries []Delivery
	var errs []error
	for _, id := range sortedKeys(b.Actions) {
		action := b.Actions[id]
		if str(action.Properties, "approvalModel") == "MANUAL" && !approved {
			action.Status = "PENDING"
		} else {
			errs = append(errs, a.enforce(b, action))
		}
		var mails, topics []string
		for _, s := range objects(action.Properties, "subscribers") {
			if str(s, "subscriptionType") == "SNS" {
				topics = append(topics, str(s, "address"))
			} else {
				mails = append(mails, str(s, "address"))
			}
		}
		m := message{text: fmt.Sprintf("Budget %s: action %s is in the status %s", name, id, action.Status), from: budgetsService}.at("budget-action", action.ARN)
		deliveries = append(deliveries, a.toSubscribers(m, budgetsService, a.sourceKeys(b.ARN), mails, topics)...)
	}
	return deliveries, errors.Join(errors.Join(errs...), a.save())
}

// enforce attaches the policy of an action with its execution role.
func (a *Account) enforce(b *budget, action *budgetAction) error {
	definition := object(object(action.Properties, "definition"), "iamActionDefinition")
	if definition == nil {
		return fmt.Errorf("action %s: only actions of type APPLY_IAM_POLICY are simulated", action.ID)
	}
	role, policy := str(action.Properties, "executionRoleArn"), str(definition, "policyArn")
	errs := []error{a.trusts(role, servicePrincipal(budgetsService), a.sourceKeys(b.ARN))}
	attach := func(call, kind, name, arn string, attached *[]string) {
		ctx := secured(map[string][]string{"iam:PolicyARN": {policy}})
		if err := a.roleMay(role, call, arn, ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", kind, name, err))
		} else if errs[0] == nil && !slices.Contains(*attached, policy) {
			*attached = append(*attached, policy)
		}
	}
	for _, name := range strs(definition, "groups") {
		if g := a.IAM.Groups[name]; g != nil {
			attach("iam:AttachGroupPolicy", "group", name, g.ARN, &g.Attached)
		}
	}
	for _, name := range strs(definition, "roles") {
		if r := a.IAM.Roles[name]; r != nil {
			attach("iam:AttachRolePolicy", "role", name, r.ARN, &r.Attached)
		}
	}
	for _, name := range strs(definition, "users") {
		if u := a.IAM.Users[name]; u != nil {
			attach("iam:AttachUserPolicy", "user", name, u.ARN, &u.Attached)
		}
	}
	action.Status = "EXECUTION_SUCCESS"
	err := errors.Join(errs...)
	if err != nil {
		action.Status = "EXECUTION_FAILURE"
	}
	return err
}
