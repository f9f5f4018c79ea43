package awssim

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

// eventsRule is a rule of a bus.
type eventsRule struct {
	ARN, Name, Region string
	BusARN            string
	Pattern           string // "" for a rule with a schedule only
	State             string
	Properties        props
}

const (
	eventsPutRuleDoc    = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"
	eventsDeleteRuleDoc = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html"
	eventsPatternDoc    = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html"
	eventsScheduleDoc   = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"
	eventsQuotaDoc      = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"

	eventsRulesPerBus = 300

	ruleEnabled         = "ENABLED"
	ruleDisabled        = "DISABLED"
	ruleEnabledWithRead = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
)

var (
	eventsRate = regexp.MustCompile(`^rate\(([1-9][0-9]*) (minute|hour|day)(s?)\)$`)
	eventsCron = regexp.MustCompile(`^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$`)
)

func checkRule(_ *call, in props) error {
	if name := str(in, "name"); name != "" && !eventsName.MatchString(name) {
		return refuse("ValidationException", fmt.Sprintf("name: %q: 1 to 64 letters, digits, dots, hyphens and underscores", name), eventsPutRuleDoc)
	}
	if !present(in, "eventPattern") && !present(in, "scheduleExpression") {
		return refuse("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.", eventsPutRuleDoc)
	}
	if err := eventsDescription(in, eventsPutRuleDoc); err != nil {
		return err
	}
	switch state := str(in, "state"); {
	case present(in, "state") && present(in, "isEnabled"):
		return refuse("InvalidParameterCombination", "state: conflicts with isEnabled", eventsPutRuleDoc)
	case state == "" || state == ruleEnabled || state == ruleDisabled:
	case state != ruleEnabledWithRead:
		return refuse("ValidationException", fmt.Sprintf("state: %q is none of %s, %s, %s", state, ruleEnabled, ruleDisabled, ruleEnabledWithRead), eventsPutRuleDoc)
	case present(in, "scheduleExpression"):
		return refuse("ValidationException", fmt.Sprintf("state: %s is not possible for a rule with a schedule", state), eventsPutRuleDoc)
	}
	if schedule := str(in, "scheduleExpression"); schedule != "" {
		if !validSchedule(schedule) {
			return refuse("ValidationException", fmt.Sprintf("Parameter ScheduleExpression is not valid: %q", schedule), eventsScheduleDoc)
		}
		if bus := str(in, "eventBusName"); bus != "" && bus != eventsDefaultBus && !strings.HasSuffix(bus, ":event-bus/"+eventsDefaultBus) {
			return refuse("ValidationException", "ScheduleExpression is supported only on the default event bus.", eventsScheduleDoc)
		}
	}
	if pattern := str(in, "eventPattern"); pattern != "" {
		if _, err := eventpattern.Parse(pattern); err != nil {
			return eventsPatternRefusal(err, "eventPattern", eventsPatternDoc)
		}
	}
	return nil
}

// validSchedule tells whether the text is a rate or a cron expression.
func validSchedule(text string) bool {
	if m := eventsRate.FindStringSubmatch(text); m != nil {
		return (m[1] == "1") == (m[3] == "") // rate(1 minute), rate(2 minutes)
	}
	if !eventsCron.MatchString(text) {
		return false
	}
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "cron("), ")"))
	return (fields[2] == "?") != (fields[4] == "?") // one of day-of-month and day-of-week
}

// eventsRuleARN is the ARN of a rule: the name of a bus other than the default one
// stands in it.
func (a *Account) eventsRuleARN(bus *eventsBus, name string) string {
	resource := "rule/" + name
	if bus.Name != eventsDefaultBus {
		resource = "rule/" + bus.Name + "/" + name
	}
	return a.arn("events", bus.Region, a.ID, resource)
}

func createRule(c *call, in props) (string, props, error) {
	bus, err := c.eventsBusOf(c.Region, str(in, "eventBusName"))
	if err != nil {
		return "", nil, err
	}
	name := c.physicalName(in)
	rule := &eventsRule{ARN: c.eventsRuleARN(bus, name), Name: name, Region: c.Region, BusARN: bus.ARN}
	if _, ok := c.Events.Rules[rule.ARN]; !ok {
		count := 0
		for _, other := range c.Events.Rules {
			if other.BusARN == bus.ARN {
				count++
			}
		}
		if count >= eventsRulesPerBus {
			return "", nil, refuse("LimitExceededException", "The requested resource exceeds the maximum number allowed.", eventsQuotaDoc)
		}
	}
	// PutRule replaces an existing rule of that name; its targets stay.
	if err := c.putRule(rule, in); err != nil {
		return "", nil, err
	}
	c.Events.Rules.put(rule.ARN, rule)
	id := name
	if bus.Name != eventsDefaultBus {
		id = bus.Name + "/" + name
	}
	return id, rule.outputs(), nil
}

// putRule is PutRule: what is not given is removed.
func (c *call) putRule(rule *eventsRule, in props) error {
	if err := c.may("events:PutRule", rule.ARN); err != nil {
		return err
	}
	if role := str(in, "roleArn"); role != "" {
		if err := c.eventsRole(role, rule.ARN); err != nil {
			return err
		}
	}
	rule.Pattern = str(in, "eventPattern")
	rule.State = strOr(in, "state", ruleEnabled)
	if !flag(in, "isEnabled", true) {
		rule.State = ruleDisabled
	}
	rule.Properties = stored(in)
	return nil
}

// eventsRole demands that EventBridge may assume the role and that the caller may
// pass it.
func (c *call) eventsRole(role, ruleARN string) error {
	if err := c.passRole(role, eventsService); err != nil {
		return err
	}
	if !c.assumableBy(role, eventsService, c.sourceKeys(ruleARN)) {
		return refuse("ValidationException", fmt.Sprintf("Provided role '%s' cannot be assumed by principal '%s'.", role, eventsService),
			"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html")
	}
	return nil
}

func (r *eventsRule) outputs() props {
	out := withDefaults(r.Properties, props{"eventBusName": eventsDefaultBus, "forceDestroy": false})
	out["name"], out["arn"] = r.Name, r.ARN
	out["state"], out["isEnabled"] = r.State, r.State != ruleDisabled
	if present(r.Properties, "isEnabled") {
		out["state"] = nil
	} else {
		out["isEnabled"] = nil
	}
	return out
}

// eventsRuleOf finds a rule by the name of its bus and its own.
func (c *call) eventsRuleOf(busName, name string) (*eventsRule, error) {
	bus, err := c.eventsBusOf(c.Region, busName)
	if err != nil {
		return nil, err
	}
	rule, ok := c.Events.Rules[c.eventsRuleARN(bus, name)]
	if !ok {
		return nil, refuse("ResourceNotFoundException", fmt.Sprintf("Rule %s does not exist on EventBus %s.", name, bus.Name), eventsPutRuleDoc)
	}
	return rule, nil
}

// eventsRuleByID finds a rule by the id of its resource.
func (c *call) eventsRuleByID(id string) (*eventsRule, error) {
	bus, name := eventsDefaultBus, id
	if i := strings.LastIndex(id, "/"); i >= 0 {
		bus, name = id[:i], id[i+1:]
	}
	return c.eventsRuleOf(bus, name)
}

func readRule(c *call, id string, _ props) (props, error) {
	rule, err := c.eventsRuleByID(id)
	if err != nil {
		return nil, errNotFound
	}
	if err := c.may("events:DescribeRule", rule.ARN); err != nil {
		return nil, err
	}
	return rule.outputs(), nil
}

func updateRule(c *call, id string, _, in props) (props, error) {
	rule, err := c.eventsRuleByID(id)
	if err != nil {
		return nil, errNotFound
	}
	if err := c.putRule(rule, in); err != nil {
		return nil, err
	}
	return rule.outputs(), nil
}

// deleteRule removes a rule without targets. forceDestroy is for rules that another
// AWS service manages; it does not remove targets.
func deleteRule(c *call, id string, _ props) error {
	rule, err := c.eventsRuleByID(id)
	if err != nil {
		return errNotFound
	}
	if err := c.may("events:DeleteRule", rule.ARN); err != nil {
		return err
	}
	if len(c.eventsTargetsOf(rule)) > 0 {
		return refuse("ValidationException", fmt.Sprintf("Rule can't be deleted since it has targets: %s", rule.ARN), eventsDeleteRuleDoc)
	}
	delete(c.Events.Rules, rule.ARN)
	return nil
}

// matches tells whether the rule is on and its pattern matches the event. readOnly
// tells that the event is about an API call that changes nothing: those come only to
// rules that ask for them.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
func (r *eventsRule) matches(event string, readOnly bool) (bool, error) {
	if r.Pattern == "" || r.State == ruleDisabled || readOnly && r.State != ruleEnabledWithRead {
		return false, nil
	}
	pattern, err := eventpattern.Parse(r.Pattern)
	if err != nil {
		return false, errors.Join(fmt.Errorf("rule %s", r.ARN), err)
	}
	return pattern.Matches(event)
}
