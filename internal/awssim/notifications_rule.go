package awssim

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

var (
	notificationsSource = regexp.MustCompile(`^aws\.([a-z0-9-])+$`)
	notificationsType   = regexp.MustCompile(`^[a-zA-Z0-9 ()-]{1,128}$`)
)

func checkNotificationRule(c *call, in props) error {
	if err := checkNotifications(c, in); err != nil {
		return err
	}
	if v := str(in, "source"); v != "" && (!notificationsSource.MatchString(v) || len(v) > 36) {
		return invalidNotification(notificationsRuleDoc, "source: %q is not the source of an AWS service; at most 36 characters that match %s", v, notificationsSource)
	}
	if v := str(in, "eventType"); v != "" && !notificationsType.MatchString(v) {
		return invalidNotification(notificationsRuleDoc, "eventType: %q does not match %s", v, notificationsType)
	}
	if in["regions"] != nil && len(list(in, "regions")) == 0 {
		return invalidNotification(notificationsRuleDoc, "regions: at least one is needed")
	}
	return checkNotificationPattern(str(in, "eventPattern"))
}

// checkNotificationPattern: EventBridge's patterns, twice as long, without wildcards.
func checkNotificationPattern(text string) error {
	if text == "" {
		return nil
	}
	if len(text) > notificationsPatternMax {
		return invalidNotification(notificationsRuleDoc, "eventPattern: %d characters, at most %d are allowed", len(text), notificationsPatternMax)
	}
	if _, err := eventpattern.Parse(text); err != nil {
		return invalidNotification(notificationsRuleDoc, "eventPattern: %v", err)
	}
	var pattern any
	if err := json.Unmarshal([]byte(text), &pattern); err != nil {
		return invalidNotification(notificationsRuleDoc, "eventPattern: %v", err)
	}
	if hasKey(pattern, "wildcard") {
		return invalidNotification(notificationsFilterDoc, "eventPattern: wildcards are not supported")
	}
	return nil
}

// hasKey tells whether an object anywhere in a JSON value has the key.
func hasKey(v any, key string) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			if name == key || hasKey(below, key) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return hasKey(item, key) })
	}
	return false
}

func createNotificationRule(c *call, in props) (string, props, error) {
	configuration := str(in, "notificationConfigurationArn")
	if err := c.may("notifications:CreateEventRule", configuration); err != nil {
		return "", nil, err
	}
	if c.Notifications.Configurations[configuration] == nil {
		return "", nil, refuse("ResourceNotFoundException", "there is no notification configuration "+configuration, notificationsRuleDoc)
	}
	rule := &notificationRule{ConfigurationARN: configuration, Source: str(in, "source"), EventType: str(in, "eventType")}
	if err := c.notificationQuotas(rule); err != nil {
		return "", nil, err
	}
	if err := c.putNotificationRule(rule, in); err != nil {
		return "", nil, err
	}
	rule.ARN = configuration + "/rule/" + c.notificationsID()
	c.Notifications.Rules.put(rule.ARN, rule)
	return rule.ARN, rule.outputs(), nil
}

// notificationQuotas counts the rules of a configuration, and the configurations of a
// service and of an event type.
func (c *call) notificationQuotas(rule *notificationRule) error {
	inConfiguration := 0
	ofService, ofType := map[string]bool{}, map[string]bool{}
	for _, other := range c.Notifications.Rules {
		if other.ConfigurationARN == rule.ConfigurationARN {
			inConfiguration++
		}
		if other.Source == rule.Source {
			ofService[other.ConfigurationARN] = true
			if other.EventType == rule.EventType {
				ofType[other.ConfigurationARN] = true
			}
		}
	}
	exceeded := func(limit int, what string) error {
		return refuse("ServiceQuotaExceededException", fmt.Sprintf("at most %d %s", limit, what), notificationsQuotaDoc)
	}
	switch {
	case inConfiguration >= notificationsRulesMax:
		return exceeded(notificationsRulesMax, "event rules in a notification configuration")
	case !ofService[rule.ConfigurationARN] && len(ofService) >= notificationsPerServiceMax:
		return exceeded(notificationsPerServiceMax, "notification configurations for "+rule.Source)
	case !ofType[rule.ConfigurationARN] && len(ofType) >= notificationsPerTypeMax:
		return exceeded(notificationsPerTypeMax, "notification configurations for "+rule.EventType+" of "+rule.Source)
	}
	return nil
}

// putNotificationRule makes the checks of creation and update.
func (c *call) putNotificationRule(rule *notificationRule, in props) error {
	regions := strs(in, "regions")
	for i, region := range regions {
		if !c.regionEnabled(region) {
			return invalidNotification(notificationsRuleDoc, "regions[%d]: %q is not an enabled Region", i, region)
		}
	}
	rule.Pattern, rule.Regions, rule.Properties = str(in, "eventPattern"), regions, stored(in)
	return nil
}

func (r *notificationRule) outputs() props {
	out := withDefaults(r.Properties, props{})
	out["arn"] = r.ARN
	return out
}

func readNotificationRule(c *call, id string, _ props) (props, error) {
	rule, ok := c.Notifications.Rules[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications:GetEventRule", id); err != nil {
		return nil, err
	}
	return rule.outputs(), nil
}

func updateNotificationRule(c *call, id string, _, in props) (props, error) {
	rule, ok := c.Notifications.Rules[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications:UpdateEventRule", id); err != nil {
		return nil, err
	}
	if err := c.putNotificationRule(rule, in); err != nil {
		return nil, err
	}
	return rule.outputs(), nil
}

func deleteNotificationRule(c *call, id string, _ props) error {
	if c.Notifications.Rules[id] == nil {
		return errNotFound
	}
	if err := c.may("notifications:DeleteEventRule", id); err != nil {
		return err
	}
	delete(c.Notifications.Rules, id)
	return nil
}
