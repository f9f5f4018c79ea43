package awssim

import (
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// sfnState is what Step Functions keeps.
type sfnState struct {
	Machines table[stateMachine] // by ARN
}

type stateMachine struct {
	Name, ARN, Region  string
	Created, Revision  string
	Properties         props
	VersionARN         string
	VersionDescription string
}

const (
	sfnService  = "states.amazonaws.com"
	sfnAPI      = "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html"
	sfnRoleDoc  = "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html"
	sfnLogsDoc  = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"
	sfnNameMax  = 80
	sfnNameBad  = "<>{}[]?*\"#%\\^|~`$&,;:/"
	sfnOwnedKey = "AWS_OWNED_KEY"
)

// sfnLogActions are what the role of a machine that logs may do.
var sfnLogActions = []string{
	"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
	"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
}

var sfnTypes = map[string]resourceType{
	"aws:sfn/stateMachine:StateMachine": {
		check: checkStateMachine, create: createStateMachine, read: readStateMachine, update: updateStateMachine, delete: deleteStateMachine,
	},
}

func checkStateMachine(c *call, in props) error {
	if name := str(in, "name"); name != "" && badMachineName(name) {
		return refuse("InvalidName", fmt.Sprintf("Invalid Name: '%s': 1 to %d characters, no white space, no control characters and none of %s", name, sfnNameMax, sfnNameBad), sfnAPI)
	}
	if err := oneOf(in, "type", "ValidationException", sfnAPI, "STANDARD", "EXPRESS"); err != nil {
		return err
	}
	logging := object(in, "loggingConfiguration")
	if err := oneOf(logging, "level", "InvalidLoggingConfiguration", sfnLogsDoc, "ALL", "ERROR", "FATAL", "OFF"); err != nil {
		return err
	}
	level, destination := strOr(logging, "level", "OFF"), str(logging, "logDestination")
	if level != "OFF" && !present(logging, "logDestination") {
		return refuse("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.", sfnLogsDoc)
	}
	if destination != "" && !strings.HasSuffix(destination, ":*") {
		return refuse("InvalidLoggingConfiguration", fmt.Sprintf("Invalid Logging Configuration: the log destination %s has to end with :*", destination), sfnLogsDoc)
	}
	encryption := object(in, "encryptionConfiguration")
	if err := oneOf(encryption, "type", "InvalidEncryptionConfiguration", sfnAPI, sfnOwnedKey, "CUSTOMER_MANAGED_KMS_KEY"); err != nil {
		return err
	}
	if kind := str(encryption, "type"); kind != "" && (kind == sfnOwnedKey) == present(encryption, "kmsKeyId") {
		return refuse("InvalidEncryptionConfiguration", "encryptionConfiguration: a kmsKeyId goes with CUSTOMER_MANAGED_KMS_KEY and no other type", sfnAPI)
	}
	return c.checkDefinition(str(in, "definition"))
}

func badMachineName(name string) bool {
	return utf8.RuneCountInString(name) > sfnNameMax || strings.ContainsAny(name, sfnNameBad) ||
		strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0x9f })
}

// checkDefinition refuses definitions that Step Functions cannot read, and resources of
// another partition.
func (c *call) checkDefinition(definition string) error {
	if definition == "" {
		return nil
	}
	machine, err := statemachine.Parse(definition)
	if err != nil {
		return invalidDefinition(err.Error())
	}
	for _, task := range machine.Tasks() {
		if parts, _ := splitARN(task.Resource); parts.Partition != c.Partition {
			return invalidDefinition(fmt.Sprintf("SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/%s/Resource: %s is not of the partition %s", task.Name, task.Resource, c.Partition))
		}
	}
	return nil
}

func invalidDefinition(reason string) error {
	return refuse("InvalidDefinition", "Invalid State Machine Definition: '"+reason+"'", sfnAPI)
}

func (a *Account) machineARN(region, name string) string {
	return a.arn("states", region, a.ID, "stateMachine:"+name)
}

func createStateMachine(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	m := &stateMachine{Name: name, ARN: c.machineARN(c.Region, name), Region: c.Region, Created: c.timestamp()}
	if err := c.may("states:CreateStateMachine", m.ARN); err != nil {
		return "", nil, err
	}
	if c.StepFunctions.Machines[m.ARN] != nil {
		return "", nil, refuse("StateMachineAlreadyExists", fmt.Sprintf("State Machine Already Exists: '%s'", m.ARN), sfnAPI)
	}
	if err := c.putMachine(m, in); err != nil {
		return "", nil, err
	}
	c.StepFunctions.Machines.put(m.ARN, m)
	return m.ARN, m.props(), nil
}

// putMachine demands that Step Functions can assume the role, and that the role may log
// where the machine does. What else the role may do shows in an execution.
func (c *call) putMachine(m *stateMachine, in props) error {
	role := str(in, "roleArn")
	if err := c.passRole(role, sfnService); err != nil {
		return err
	}
	if err := c.machineAssumes(m, role); err != nil {
		return err
	}
	logging := object(in, "loggingConfiguration")
	if strOr(logging, "level", "OFF") != "OFF" {
		if err := c.machineLogs(m, role, str(logging, "logDestination")); err != nil {
			return err
		}
	}
	m.Properties = stored(in)
	m.Revision = c.uuid()
	if flag(in, "publish", false) {
		m.VersionARN = m.ARN + ":1"
	}
	return nil
}

func (a *Account) machineAssumes(m *stateMachine, role string) error {
	if err := a.trusts(role, servicePrincipal(sfnService), a.sourceKeys(m.ARN)); err != nil {
		return refuse("AccessDeniedException", fmt.Sprintf("Neither the global service principal %s, nor the regional one is authorized to assume the provided role. (%v)", sfnService, err), sfnRoleDoc)
	}
	return nil
}

func (c *call) machineLogs(m *stateMachine, role, destination string) error {
	group := strings.TrimSuffix(destination, ":*")
	parts, own := c.ownARN(group)
	if !own || parts.Service != "logs" || parts.Region != m.Region || c.Logs.Groups[regional(parts.Region, strings.TrimPrefix(parts.Resource, "log-group:"))] == nil {
		return refuse("InvalidLoggingConfiguration", fmt.Sprintf("Invalid Logging Configuration: the log group %s does not exist.", group), sfnLogsDoc)
	}
	for _, action := range sfnLogActions {
		if err := c.roleMay(role, action, "*", nil); err != nil {
			return refuse("AccessDeniedException", fmt.Sprintf("The state machine IAM Role is not authorized to access the Log Destination. (%v)", err), sfnLogsDoc)
		}
	}
	return nil
}

func (m *stateMachine) props() props {
	out := maps.Clone(m.Properties)
	for key, value := range map[string]props{
		"loggingConfiguration":    {"level": "OFF", "includeExecutionData": false},
		"encryptionConfiguration": {"type": sfnOwnedKey},
		"tracingConfiguration":    {"enabled": false},
	} {
		out[key] = withDefaults(object(m.Properties, key), value)
	}
	out["type"] = strOr(m.Properties, "type", "STANDARD")
	out["name"], out["arn"], out["creationDate"], out["status"] = m.Name, m.ARN, m.Created, "ACTIVE"
	out["revisionId"], out["stateMachineVersionArn"] = m.Revision, m.VersionARN
	out["description"], out["versionDescription"] = "", m.VersionDescription
	return out
}

func readStateMachine(c *call, id string, _ props) (props, error) {
	m := c.StepFunctions.Machines[id]
	if m == nil {
		return nil, errNotFound
	}
	return m.props(), c.may("states:DescribeStateMachine", m.ARN)
}

func updateStateMachine(c *call, id string, _, in props) (props, error) {
	m := c.StepFunctions.Machines[id]
	if m == nil {
		return nil, refuse("StateMachineDoesNotExist", "State Machine Does Not Exist: '"+id+"'", strings.Replace(sfnAPI, "Create", "Update", 1))
	}
	if err := c.may("states:UpdateStateMachine", m.ARN); err != nil {
		return nil, err
	}
	if err := c.putMachine(m, in); err != nil {
		return nil, err
	}
	return m.props(), nil
}

func deleteStateMachine(c *call, id string, _ props) error {
	m := c.StepFunctions.Machines[id]
	if m == nil {
		return errNotFound
	}
	if err := c.may("states:DeleteStateMachine", m.ARN); err != nil {
		return err
	}
	delete(c.StepFunctions.Machines, id)
	return nil
}
