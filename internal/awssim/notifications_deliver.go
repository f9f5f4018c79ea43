package awssim

import (
	"fmt"
	"slices"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

// Notified lets an event happen in a Region, as [Account.PutEvent] does, and answers what
// AWS User Notifications makes of it: one delivery for every e-mail contact of every
// configuration with a rule that matches. It is a path of its own, which uses no rule,
// topic or policy of the account.
func (a *Account) Notified(region, event string) []Delivery {
	a.mu.Lock()
	defer a.mu.Unlock()
	m := message{text: event, from: eventsService}
	envelope, ok := decodeObject(event)
	if !ok {
		return []Delivery{m.dropped("the event is not a JSON object")}
	}
	var deliveries []Delivery
	for _, arn := range sortedKeys(a.Notifications.Rules) {
		rule := a.Notifications.Rules[arn]
		at := m.at("notification-rule", arn)
		switch matched, err := rule.matches(region, envelope, event); {
		case err != nil:
			deliveries = append(deliveries, at.dropped("%v", err))
		case matched:
			deliveries = append(deliveries, a.toContacts(rule, envelope, at)...)
		}
	}
	return deliveries
}

// matches tells whether a rule picks an event: by its Regions, source and event type, and
// then by its own pattern.
func (r *notificationRule) matches(region string, envelope props, event string) (bool, error) {
	if !slices.Contains(r.Regions, region) || str(envelope, "source") != r.Source || str(envelope, "detail-type") != r.EventType {
		return false, nil
	}
	if r.Pattern == "" {
		return true, nil
	}
	pattern, err := eventpattern.Parse(r.Pattern)
	if err != nil {
		return false, err
	}
	return pattern.Matches(event)
}

func (a *Account) toContacts(rule *notificationRule, envelope props, m message) []Delivery {
	text := fmt.Sprintf("%s | %s | %s", rule.EventType, str(envelope, "region"), str(object(envelope, "detail"), "eventName"))
	var deliveries []Delivery
	for _, key := range sortedKeys(a.Notifications.Associations) {
		association := a.Notifications.Associations[key]
		if association.ConfigurationARN != rule.ConfigurationARN {
			continue
		}
		contact := a.Notifications.Contacts[association.ChannelARN]
		if contact == nil {
			continue // a channel of another kind
		}
		d := m.at("contact", contact.ARN).arrived("email", contact.Address, text)
		if !contact.Active {
			d.Dropped = "the contact " + contact.Name + " waits for its activation"
		}
		deliveries = append(deliveries, d)
	}
	if len(deliveries) == 0 {
		return []Delivery{m.dropped("the notification configuration has no e-mail contact")}
	}
	return deliveries
}
