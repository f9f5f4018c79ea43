package awssim

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const (
	alarmsPutCompositeDoc = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"
	alarmsRuleMax         = 10240
	alarmsRuleAlarmsMax   = 100
)

func checkCompositeAlarm(_ *call, in props) error {
	if err := checkAlarm(in, "alarmName"); err != nil {
		return err
	}
	text := str(in, "alarmRule")
	if text == "" {
		return nil
	}
	rule, err := parseAlarmRule(text)
	switch {
	case len(text) > alarmsRuleMax:
		return refuse("ValidationError", fmt.Sprintf("alarmRule: longer than %d characters", alarmsRuleMax), alarmsPutCompositeDoc)
	case err != nil:
		return refuse("ValidationError", "AlarmRule must be a valid expression: "+err.Error(), alarmsPutCompositeDoc)
	case len(rule.alarms) > alarmsRuleAlarmsMax:
		return refuse("ValidationError", fmt.Sprintf("alarmRule: %d alarms, at most %d are allowed", len(rule.alarms), alarmsRuleAlarmsMax), alarmsPutCompositeDoc)
	}
	return nil
}

func createCompositeAlarm(c *call, in props) (string, props, error) {
	name := str(in, "alarmName")
	a := &alarm{ARN: c.alarmARN(name), Name: name, Region: c.Region}
	if other, ok := c.Alarms.Alarms[a.ARN]; ok && other.Rule == "" {
		return "", nil, refuse("ValidationError", fmt.Sprintf("A metric alarm with the name %s exists already", name), alarmsPutCompositeDoc)
	}
	if err := c.putCompositeAlarm(a, in); err != nil {
		return "", nil, err
	}
	c.Alarms.Alarms.put(a.ARN, a)
	return name, a.outputs(), nil
}

// putCompositeAlarm demands that the alarms of the rule exist in the Region.
func (c *call) putCompositeAlarm(a *alarm, in props) error {
	// PutCompositeAlarm can be granted on * only.
	if err := c.may("cloudwatch:PutCompositeAlarm", "*"); err != nil {
		return err
	}
	if err := c.alarmActions(in); err != nil {
		return err
	}
	rule, err := parseAlarmRule(str(in, "alarmRule"))
	if err != nil {
		return refuse("ValidationError", "AlarmRule must be a valid expression: "+err.Error(), alarmsPutCompositeDoc)
	}
	needed := rule.alarms
	if suppressor := str(object(in, "actionsSuppressor"), "alarm"); suppressor != "" {
		needed = append(needed, suppressor)
	}
	var missing []string
	for _, ref := range needed {
		arn := ref
		if !strings.HasPrefix(ref, "arn:") {
			arn = c.alarmARN(ref)
		}
		if _, ok := c.Alarms.Alarms[arn]; !ok && arn != a.ARN {
			missing = append(missing, arn)
		}
	}
	if len(missing) > 0 {
		return refuse("ValidationError", fmt.Sprintf("Could not save the composite alarm as alarms %v in the alarm rule do not exist", missing), alarmsPutCompositeDoc)
	}
	a.Rule, a.Properties = str(in, "alarmRule"), stored(in)
	return nil
}

func updateCompositeAlarm(c *call, id string, _, in props) (props, error) {
	a, ok := c.Alarms.Alarms[c.alarmARN(id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.putCompositeAlarm(a, in); err != nil {
		return nil, err
	}
	return a.outputs(), nil
}

// alarmRule is the rule of a composite alarm, read for the alarms in it.
type alarmRule struct {
	alarms []string // names or ARNs, each once
	tokens []string
}

// alarmTokens are the parts of a rule. The argument of a state function is one token.
var alarmTokens = regexp.MustCompile(`^\s*((?i:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"[^"]+"|'[^']+'|[^()"'\s]+)\s*\)|(?i:AND|OR|NOT|TRUE|FALSE)\b|[()])`)

// parseAlarmRule reads an expression of ALARM(…), OK(…), INSUFFICIENT_DATA(…), TRUE,
// FALSE, AND, OR, NOT and parentheses.
func parseAlarmRule(text string) (*alarmRule, error) {
	rule := &alarmRule{}
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := alarmTokens.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("unexpected %q", strings.TrimSpace(rest))
		}
		rule.tokens = append(rule.tokens, m[1])
		rest = rest[len(m[0]):]
	}
	if err := rule.expression(); err != nil {
		return nil, err
	}
	if len(rule.tokens) > 0 {
		return nil, fmt.Errorf("unexpected %q", rule.tokens[0])
	}
	return rule, nil
}

func (r *alarmRule) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return strings.ToUpper(r.tokens[0])
}

func (r *alarmRule) next() string {
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	return token
}

func (r *alarmRule) expression() error {
	if err := r.term(); err != nil {
		return err
	}
	for r.peek() == "AND" || r.peek() == "OR" {
		r.next()
		if err := r.term(); err != nil {
			return err
		}
	}
	return nil
}

func (r *alarmRule) term() error {
	switch token := r.peek(); token {
	case "":
		return errors.New("the expression ends too early")
	case "NOT":
		r.next()
		return r.term()
	case "TRUE", "FALSE":
		r.next()
		return nil
	case "(":
		r.next()
		if err := r.expression(); err != nil {
			return err
		}
		if r.peek() != ")" {
			return errors.New("a parenthesis is not closed")
		}
		r.next()
		return nil
	case ")", "AND", "OR":
		return fmt.Errorf("unexpected %q", token)
	}
	_, argument, _ := strings.Cut(r.next(), "(")
	name := strings.Trim(strings.TrimSpace(strings.TrimSuffix(argument, ")")), `"'`)
	for _, known := range r.alarms {
		if known == name {
			return nil
		}
	}
	r.alarms = append(r.alarms, name)
	return nil
}
