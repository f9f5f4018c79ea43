package awssim

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	eventsBusPolicyDoc   = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html"
	eventsPermissionDoc  = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html"
	eventsPermissionType = "StringEquals"
	eventsPermissionKey  = "aws:PrincipalOrgID"
)

var (
	eventsStatementID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	eventsPrincipal   = regexp.MustCompile(`^([0-9]{12}|\*)$`)
	eventsAction      = regexp.MustCompile(`^events:[a-zA-Z]+$`)
)

func checkBusPolicy(_ *call, in props) error {
	return checkPolicy(policyeval.EventBusPolicy, str(in, "policy"), "", eventsBusPolicyDoc)
}

// putBusPolicy is PutPermission with a whole policy, "" removes it.
func (c *call) putBusPolicy(name, policy string) error {
	bus, err := c.eventsBusOf(c.Region, name)
	if err != nil {
		return err
	}
	action := "events:PutPermission"
	if policy == "" {
		action = "events:RemovePermission"
	}
	if err := c.may(action, bus.ARN); err != nil {
		return err
	}
	if policy != "" {
		if _, err := c.putPolicy(policyeval.EventBusPolicy, policy, bus.ARN, "ValidationException", eventsBusPolicyDoc); err != nil {
			return err
		}
	}
	bus.Policy = policy
	c.Events.Buses.put(bus.ARN, bus)
	return nil
}

func createBusPolicy(c *call, in props) (string, props, error) {
	name := strOr(in, "eventBusName", eventsDefaultBus)
	return name, nil, c.putBusPolicy(name, str(in, "policy"))
}

func readBusPolicy(c *call, id string, state props) (props, error) {
	bus, err := c.eventsBusOf(c.Region, id)
	if err != nil || bus.Policy == "" {
		return nil, errNotFound
	}
	if err := c.may("events:DescribeEventBus", bus.ARN); err != nil {
		return nil, err
	}
	out := props{"eventBusName": id, "policy": bus.Policy}
	if len(state) > 0 {
		out["eventBusName"] = state["eventBusName"] // absent and "default" mean the same bus
	}
	return out, nil
}

func updateBusPolicy(c *call, id string, _, in props) (props, error) {
	return nil, c.putBusPolicy(id, str(in, "policy"))
}

func deleteBusPolicy(c *call, id string, _ props) error {
	if bus, err := c.eventsBusOf(c.Region, id); err != nil || bus.Policy == "" {
		return errNotFound
	}
	return c.putBusPolicy(id, "")
}

func checkPermission(_ *call, in props) error {
	bad := func(key, what string) error {
		return refuse("ValidationException", fmt.Sprintf("%s: %q: %s", key, str(in, key), what), eventsPermissionDoc)
	}
	if p := str(in, "principal"); p != "" && !eventsPrincipal.MatchString(p) {
		return bad("principal", "the 12 digits of an account, or *")
	}
	if id := str(in, "statementId"); id != "" && !eventsStatementID.MatchString(id) {
		return bad("statementId", "1 to 64 letters, digits, hyphens and underscores")
	}
	if action := str(in, "action"); action != "" && !eventsAction.MatchString(action) {
		return bad("action", "events: and the name of an action")
	}
	condition := object(in, "condition")
	if t := str(condition, "type"); t != "" && t != eventsPermissionType {
		return refuse("ValidationException", fmt.Sprintf("condition.type: %q: only %s is possible", t, eventsPermissionType), eventsPermissionDoc)
	}
	if k := str(condition, "key"); k != "" && k != eventsPermissionKey {
		return refuse("ValidationException", fmt.Sprintf("condition.key: %q: only %s is possible", k, eventsPermissionKey), eventsPermissionDoc)
	}
	return nil
}

// eventsStatement is the statement that a permission adds to the bus policy.
func (a *Account) eventsStatement(bus *eventsBus, in props) props {
	principal := any(str(in, "principal"))
	if principal != "*" {
		principal = props{"AWS": a.arn("iam", "", str(in, "principal"), "root")}
	}
	statement := props{
		"Sid":       str(in, "statementId"),
		"Effect":    "Allow",
		"Principal": principal,
		"Action":    strOr(in, "action", "events:PutEvents"),
		"Resource":  bus.ARN,
	}
	if condition := object(in, "condition"); len(condition) > 0 {
		statement["Condition"] = props{str(condition, "type"): props{str(condition, "key"): str(condition, "value")}}
	}
	return statement
}

// statements are those of the bus policy, without the one with the given id.
func (b *eventsBus) statements(except string) (kept []any, found props) {
	document, _ := decodeObject(b.Policy)
	all, ok := document["Statement"].([]any)
	if !ok && document["Statement"] != nil {
		all = []any{document["Statement"]}
	}
	for _, s := range all {
		if o, _ := s.(props); str(o, "Sid") == except {
			found = o
		} else {
			kept = append(kept, s)
		}
	}
	return kept, found
}

// putStatements puts a bus policy made of the statements; none removes it.
func (c *call) putStatements(bus *eventsBus, statements []any) error {
	if len(statements) == 0 {
		return c.putBusPolicy(bus.ARN, "")
	}
	text, err := json.Marshal(props{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		return err
	}
	return c.putBusPolicy(bus.ARN, string(text))
}

func createPermission(c *call, in props) (string, props, error) {
	bus, err := c.eventsBusOf(c.Region, str(in, "eventBusName"))
	if err != nil {
		return "", nil, err
	}
	id := str(in, "statementId")
	if bus.Name != eventsDefaultBus {
		id = bus.Name + "/" + id
	}
	kept, _ := bus.statements(str(in, "statementId"))
	return id, nil, c.putStatements(bus, append(kept, c.eventsStatement(bus, in)))
}

// eventsPermission takes apart the id of a permission.
func (c *call) eventsPermission(id string) (*eventsBus, string, error) {
	name, statement, ok := strings.Cut(id, "/")
	if !ok {
		name, statement = eventsDefaultBus, id
	}
	bus, err := c.eventsBusOf(c.Region, name)
	return bus, statement, err
}

func readPermission(c *call, id string, state props) (props, error) {
	bus, statement, err := c.eventsPermission(id)
	if err != nil {
		return nil, errNotFound
	}
	if err := c.may("events:DescribeEventBus", bus.ARN); err != nil {
		return nil, err
	}
	_, found := bus.statements(statement)
	if found == nil {
		return nil, errNotFound
	}
	principal := str(found, "Principal")
	if parts, ok := splitARN(str(object(found, "Principal"), "AWS")); ok {
		principal = parts.Account
	}
	out := props{"statementId": statement, "principal": principal, "action": str(found, "Action"), "eventBusName": bus.Name}
	for kind, keys := range object(found, "Condition") {
		for key, value := range keys.(props) {
			out["condition"] = props{"type": kind, "key": key, "value": value}
		}
	}
	if len(state) > 0 {
		out["eventBusName"] = state["eventBusName"]
	}
	return out, nil
}

func updatePermission(c *call, id string, _, in props) (props, error) {
	bus, statement, err := c.eventsPermission(id)
	if err != nil {
		return nil, errNotFound
	}
	kept, _ := bus.statements(statement)
	return nil, c.putStatements(bus, append(kept, c.eventsStatement(bus, in)))
}

func deletePermission(c *call, id string, _ props) error {
	bus, statement, err := c.eventsPermission(id)
	if err != nil {
		return errNotFound
	}
	kept, found := bus.statements(statement)
	if found == nil {
		return errNotFound
	}
	return c.putStatements(bus, kept)
}
