package awssim

import (
	"fmt"
	"maps"
	"strings"
)

// budgetAction is what a budget does at a threshold.
type budgetAction struct {
	ID, ARN    string
	Status     string
	Properties props
}

const actionsDoc = "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-action-configure.html"

// actionDefinitions are the definitions that go with each type of action.
var actionDefinitions = map[string]string{
	"APPLY_IAM_POLICY":  "iamActionDefinition",
	"APPLY_SCP_POLICY":  "scpActionDefinition",
	"RUN_SSM_DOCUMENTS": "ssmActionDefinition",
}

func checkBudgetAction(c *call, in props) error {
	const invalid = "InvalidParameterException"
	for property, allowed := range map[string][]string{
		"actionType": sortedKeys(actionDefinitions), "approvalModel": {"AUTOMATIC", "MANUAL"}, "notificationType": notifyKinds,
	} {
		if err := oneOf(in, property, invalid, budgetsAPI+"CreateBudgetAction.html", allowed...); err != nil {
			return err
		}
	}
	threshold := object(in, "actionThreshold")
	if err := oneOf(threshold, "actionThresholdType", invalid, budgetsAPI+"ActionThreshold.html", thresholdKinds...); err != nil {
		return err
	}
	if err := checkThreshold(threshold["actionThresholdValue"], str(threshold, "actionThresholdType"), "actionThreshold.actionThresholdValue"); err != nil {
		return err
	}
	kind, definition := str(in, "actionType"), object(in, "definition")
	for _, other := range sortedKeys(actionDefinitions) {
		needed := actionDefinitions[other]
		if kind != "" && definition != nil && (other == kind) != present(definition, needed) {
			return budgetInvalid("Definition", "definition.%s: goes with actions of type %s and no other", needed, other)
		}
	}
	if iam := object(definition, "iamActionDefinition"); iam != nil && !hasUnknown(iam) &&
		len(list(iam, "groups"))+len(list(iam, "roles"))+len(list(iam, "users")) == 0 {
		return budgetInvalid("IamActionDefinition", "definition.iamActionDefinition: at least one group, role or user is needed")
	}
	return c.actionSubscribers(in)
}

func (c *call) actionSubscribers(in props) error {
	var mails, topics []string
	if s := in["subscribers"]; s != nil && !isUnknown(s) && len(list(in, "subscribers")) == 0 {
		return budgetInvalid("CreateBudgetAction", "subscribers: at least one is needed")
	}
	for i, s := range objects(in, "subscribers") {
		if err := oneOf(s, "subscriptionType", "InvalidParameterException", budgetsAPI+"Subscriber.html", "EMAIL", "SNS"); err != nil {
			return err
		}
		address := str(s, "address")
		switch {
		case str(s, "subscriptionType") == "EMAIL":
			mails = append(mails, address)
		case str(s, "subscriptionType") == "SNS" && address != "":
			topics = append(topics, address)
		}
		if len(mails) > budgetMailsMax || len(topics) > budgetTopicsMax {
			return refuse("CreationLimitExceededException", fmt.Sprintf("subscribers[%d]: at most %d e-mail subscribers and %d SNS subscriber", i, budgetMailsMax, budgetTopicsMax),
				budgetsAPI+"CreateBudgetAction.html")
		}
	}
	known := mails[:0:0]
	for _, mail := range mails {
		if mail != "" {
			known = append(known, mail)
		}
	}
	return c.checkSubscribers(known, topics, "subscribers")
}

func createBudgetAction(c *call, in props) (string, props, error) {
	name := str(in, "budgetName")
	if err := c.mayBudget("budgets:CreateBudgetAction", c.budgetARN(name)+"/action/*"); err != nil {
		return "", nil, err
	}
	if err := c.budgetOwner(in); err != nil {
		return "", nil, err
	}
	b := c.Budgets.Budgets[name]
	if b == nil {
		return "", nil, refuse("NotFoundException", fmt.Sprintf("Unable to create action: the budget %s does not exist.", name), budgetsAPI+"CreateBudgetAction.html")
	}
	if err := c.actionMay(b, in); err != nil {
		return "", nil, err
	}
	id := c.uuid()
	action := &budgetAction{ID: id, ARN: b.ARN + "/action/" + id, Status: "STANDBY", Properties: stored(in)}
	b.Actions.put(id, action)
	return strings.Join([]string{c.ID, id, name}, ":"), action.props(c.Account), nil
}

// actionMay demands that Budgets can assume the role, and that policy and targets exist.
func (c *call) actionMay(b *budget, in props) error {
	role := str(in, "executionRoleArn")
	if err := c.passRole(role, budgetsService); err != nil {
		return err
	}
	if err := c.trusts(role, servicePrincipal(budgetsService), c.sourceKeys(b.ARN)); err != nil {
		return refuse("AccessDeniedException", fmt.Sprintf("AWS Budgets cannot assume the execution role %s: %v", role, err), actionsDoc)
	}
	iam := object(object(in, "definition"), "iamActionDefinition")
	if iam == nil {
		if kind := str(in, "actionType"); kind == "APPLY_SCP_POLICY" && c.Settings.Organization == nil {
			return budgetInvalid("CreateBudgetAction", "APPLY_SCP_POLICY: account %s is not the management account of an organization", c.ID)
		}
		return nil
	}
	if policy := str(iam, "policyArn"); c.managedPolicy(policy) == "" {
		return refuse("NotFoundException", "The policy "+policy+" does not exist.", budgetsAPI+"IamActionDefinition.html")
	}
	for kind, exists := range map[string]func(string) bool{
		"groups": func(name string) bool { return c.IAM.Groups[name] != nil },
		"roles":  func(name string) bool { return c.IAM.Roles[name] != nil },
		"users":  func(name string) bool { return c.IAM.Users[name] != nil },
	} {
		for _, name := range strs(iam, kind) {
			if !exists(name) {
				return refuse("NotFoundException", fmt.Sprintf("definition.iamActionDefinition.%s: %s does not exist.", kind, name), budgetsAPI+"IamActionDefinition.html")
			}
		}
	}
	return nil
}

func (x *budgetAction) props(a *Account) props {
	out := maps.Clone(x.Properties)
	out["accountId"], out["actionId"], out["arn"], out["status"] = a.ID, x.ID, x.ARN, x.Status
	return out
}

// actionByID finds an action by the provider's id, ACCOUNT:ACTION:BUDGET.
func (c *call) actionByID(id string) (*budget, *budgetAction) {
	parts := strings.SplitN(id, ":", 3)
	if len(parts) != 3 || parts[0] != c.ID || c.Budgets.Budgets[parts[2]] == nil {
		return nil, nil
	}
	b := c.Budgets.Budgets[parts[2]]
	return b, b.Actions[parts[1]]
}

func readBudgetAction(c *call, id string, _ props) (props, error) {
	_, action := c.actionByID(id)
	if action == nil {
		return nil, errNotFound
	}
	return action.props(c.Account), c.mayBudget("budgets:DescribeBudgetAction", action.ARN)
}

func updateBudgetAction(c *call, id string, _, in props) (props, error) {
	b, action := c.actionByID(id)
	if action == nil {
		return nil, errNotFound
	}
	if err := c.mayBudget("budgets:UpdateBudgetAction", action.ARN); err != nil {
		return nil, err
	}
	if err := c.actionMay(b, in); err != nil {
		return nil, err
	}
	action.Properties = stored(in)
	return action.props(c.Account), nil
}

func deleteBudgetAction(c *call, id string, _ props) error {
	b, action := c.actionByID(id)
	if action == nil {
		return errNotFound
	}
	if err := c.mayBudget("budgets:DeleteBudgetAction", action.ARN); err != nil {
		return err
	}
	delete(b.Actions, action.ID)
	return nil
}
