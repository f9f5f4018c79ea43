package awssim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

type anomalySubscription struct {
	ARN        string
	Properties props
}

const (
	impactAbsolute   = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
	impactPercentage = "ANOMALY_TOTAL_IMPACT_PERCENTAGE"
	impactMatch      = "GREATER_THAN_OR_EQUAL"
	impactMax        = 10_000_000_000
)

func checkAnomalySubscription(c *call, in props) error {
	const page = "AnomalySubscription"
	if n := utf8.RuneCountInString(str(in, "name")); n > anomalyNameMax {
		return costInvalid(page, "name: %d characters, at most %d are allowed", n, anomalyNameMax)
	}
	if err := oneOf(in, "frequency", "ValidationException", costAPI+page+".html", "DAILY", "IMMEDIATE", "WEEKLY"); err != nil {
		return err
	}
	for i, s := range objects(in, "subscribers") {
		if err := c.checkAnomalySubscriber(str(in, "frequency"), s, fmt.Sprintf("subscribers[%d]", i)); err != nil {
			return err
		}
	}
	for what, property := range map[string]string{"subscriber": "subscribers", "monitor": "monitorArnLists"} {
		if v := in[property]; v != nil && !isUnknown(v) && len(list(in, property)) == 0 {
			return costInvalid(page, "%s: at least one %s is needed", property, what)
		}
	}
	if !present(in, "thresholdExpression") {
		return costInvalid(page, "thresholdExpression: a threshold is required")
	}
	return checkImpact(object(in, "thresholdExpression"), "thresholdExpression", true)
}

func (c *call) checkAnomalySubscriber(frequency string, s props, at string) error {
	if err := oneOf(s, "type", "ValidationException", costAPI+"Subscriber.html", "EMAIL", "SNS"); err != nil {
		return err
	}
	kind, address := str(s, "type"), str(s, "address")
	switch {
	case frequency == "IMMEDIATE" && kind == "EMAIL":
		return costInvalid("AnomalySubscription", "%s: Immediate frequency only supports SNS subscriptions", at)
	case frequency != "IMMEDIATE" && frequency != "" && kind == "SNS":
		return costInvalid("AnomalySubscription", "%s: Daily or weekly frequencies only support Email subscriptions", at)
	case address == "":
	case kind == "EMAIL" && !mailAddress.MatchString(address):
		return costInvalid("Subscriber", "%s.address: %q is not an e-mail address", at, address)
	case kind == "SNS":
		if parts, ok := splitARN(address); !ok || parts.Service != "sns" || parts.Partition != c.Partition {
			return costInvalid("Subscriber", "%s.address: %q is not the ARN of a topic", at, address)
		}
	}
	return nil
}

// checkImpact: a threshold is one dimension, or two of them joined by and or or.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalySubscription.html
func checkImpact(expression props, at string, top bool) error {
	const page = "AnomalySubscription"
	parts := 0
	for _, key := range sortedKeys(expression) {
		if expression[key] == nil || key == defaultsKey || isEmptyList(expression[key]) {
			continue
		}
		parts++
		switch {
		case key == "dimension":
			if err := checkImpactDimension(object(expression, key), at+"."+key); err != nil {
				return err
			}
		case top && (key == "ands" || key == "ors"):
			inner := list(expression, key)
			if len(inner) < 2 && !isUnknown(expression[key]) {
				return costInvalid("Expression", "%s.%s: at least two expressions are needed", at, key)
			}
			for i, e := range objects(expression, key) {
				if err := checkImpact(e, fmt.Sprintf("%s.%s[%d]", at, key, i), false); err != nil {
					return err
				}
			}
		default:
			return costInvalid(page, "%s.%s: a threshold consists of the dimensions %s and %s, joined by and or or", at, key, impactAbsolute, impactPercentage)
		}
	}
	if parts != 1 && !isUnknown(expression) && expression != nil {
		return costInvalid("Expression", "%s: exactly one of dimension, and, or is needed", at)
	}
	return nil
}

func isEmptyList(v any) bool { l, ok := v.([]any); return ok && len(l) == 0 }

func checkImpactDimension(d props, at string) error {
	const page = "AnomalySubscription"
	if key := str(d, "key"); key != impactAbsolute && key != impactPercentage && !isUnknown(d["key"]) {
		return costInvalid(page, "%s.key %q: allowed are %s and %s", at, key, impactAbsolute, impactPercentage)
	}
	if match := strs(d, "matchOptions"); !hasUnknown(d["matchOptions"]) && !slices.Equal(match, []string{impactMatch}) {
		return costInvalid(page, "%s.matchOptions: the only match option of a threshold is %s", at, impactMatch)
	}
	if hasUnknown(d["values"]) {
		return nil
	}
	values := strs(d, "values")
	if len(values) != 1 {
		return costInvalid(page, "%s.values: exactly one value is needed", at)
	}
	if n, err := strconv.ParseFloat(values[0], 64); err != nil || n < 0 || n > impactMax {
		return costInvalid(page, "%s.values: %q is not a number from 0 to 10,000,000,000", at, values[0])
	}
	return nil
}

func createAnomalySubscription(c *call, in props) (string, props, error) {
	if err := c.mayCost("ce:CreateAnomalySubscription", c.arn("ce", "", c.ID, "anomalysubscription/*")); err != nil {
		return "", nil, err
	}
	if err := c.monitorsExist(in, "CreateAnomalySubscription"); err != nil {
		return "", nil, err
	}
	s := &anomalySubscription{ARN: c.arn("ce", "", c.ID, "anomalysubscription/"+c.uuid()), Properties: stored(in)}
	c.CostExplorer.Subscriptions.put(s.ARN, s)
	return s.ARN, s.props(c.Account), nil
}

func (c *call) monitorsExist(in props, page string) error {
	for _, arn := range strs(in, "monitorArnLists") {
		if c.CostExplorer.Monitors[arn] == nil {
			return refuse("UnknownMonitorException", "The cost anomaly monitor "+arn+" does not exist for the account.", costAPI+page+".html")
		}
	}
	return nil
}

func (s *anomalySubscription) props(a *Account) props {
	out := maps.Clone(s.Properties)
	out["arn"], out["accountId"] = s.ARN, a.ID
	return out
}

func readAnomalySubscription(c *call, id string, _ props) (props, error) {
	s := c.CostExplorer.Subscriptions[id]
	if s == nil {
		return nil, errNotFound
	}
	return s.props(c.Account), c.mayCost("ce:GetAnomalySubscriptions", s.ARN)
}

func updateAnomalySubscription(c *call, id string, _, in props) (props, error) {
	s := c.CostExplorer.Subscriptions[id]
	if s == nil {
		return nil, refuse("UnknownSubscriptionException", "The subscription "+id+" does not exist.", costAPI+"UpdateAnomalySubscription.html")
	}
	if err := c.mayCost("ce:UpdateAnomalySubscription", s.ARN); err != nil {
		return nil, err
	}
	if err := c.monitorsExist(in, "UpdateAnomalySubscription"); err != nil {
		return nil, err
	}
	s.Properties = stored(in)
	return s.props(c.Account), nil
}

func deleteAnomalySubscription(c *call, id string, _ props) error {
	s := c.CostExplorer.Subscriptions[id]
	if s == nil {
		return errNotFound
	}
	if err := c.mayCost("ce:DeleteAnomalySubscription", s.ARN); err != nil {
		return err
	}
	delete(c.CostExplorer.Subscriptions, id)
	return nil
}
