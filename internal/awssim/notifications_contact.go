package awssim

import (
	"fmt"
	"regexp"
)

var notificationsContactName = regexp.MustCompile(`^[\w.~-]{1,64}$`)

func checkNotificationContact(c *call, in props) error {
	if err := checkNotifications(c, in); err != nil {
		return err
	}
	if name := str(in, "name"); name != "" && !notificationsContactName.MatchString(name) {
		return invalidNotification(notificationsContactDoc, "name: %q does not match %s", name, notificationsContactName)
	}
	if address := str(in, "emailAddress"); address != "" && (len(address) < 6 || len(address) > 254 || !isAddress(address)) {
		return invalidNotification(notificationsContactDoc, "emailAddress: %q is not an e-mail address of 6 to 254 characters", address)
	}
	return nil
}

func createNotificationContact(c *call, in props) (string, props, error) {
	if err := c.may("notifications-contacts:CreateEmailContact", "*"); err != nil {
		return "", nil, err
	}
	contact := &notificationContact{
		ARN:  c.arn("notifications-contacts", "", c.ID, "emailcontact/"+c.notificationsID()),
		Name: str(in, "name"), Address: str(in, "emailAddress"), Properties: stored(in),
	}
	c.Notifications.Contacts.put(contact.ARN, contact)
	return contact.ARN, contact.outputs(), nil
}

func (n *notificationContact) outputs() props {
	out := withDefaults(n.Properties, props{})
	out["arn"] = n.ARN
	return out
}

func readNotificationContact(c *call, id string, _ props) (props, error) {
	contact, ok := c.Notifications.Contacts[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications-contacts:GetEmailContact", id); err != nil {
		return nil, err
	}
	return contact.outputs(), nil
}

// updateNotificationContact changes tags; there is no other update.
func updateNotificationContact(c *call, id string, _, in props) (props, error) {
	contact, ok := c.Notifications.Contacts[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications-contacts:TagResource", id); err != nil {
		return nil, err
	}
	contact.Properties = stored(in)
	return contact.outputs(), nil
}

func deleteNotificationContact(c *call, id string, _ props) error {
	if c.Notifications.Contacts[id] == nil {
		return errNotFound
	}
	if err := c.may("notifications-contacts:DeleteEmailContact", id); err != nil {
		return err
	}
	delete(c.Notifications.Contacts, id)
	return nil
}

// ActivateContact activates an e-mail contact as its owner does by the link in the
// mail. It fails when there is no such contact.
func (a *Account) ActivateContact(arn string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	contact, ok := a.Notifications.Contacts[arn]
	if !ok {
		return refuse("ResourceNotFoundException", "there is no contact "+arn, notificationsContactDoc)
	}
	contact.Active = true
	return a.save()
}

func associationKey(configuration, channel string) string { return configuration + "," + channel }

func createNotificationAssociation(c *call, in props) (string, props, error) {
	configuration, channel := str(in, "notificationConfigurationArn"), str(in, "arn")
	if err := c.may("notifications:AssociateChannel", channel); err != nil {
		return "", nil, err
	}
	key := associationKey(configuration, channel)
	parts, own := c.ownARN(channel)
	channels := 0
	for _, other := range c.Notifications.Associations {
		if other.ConfigurationARN == configuration {
			channels++
		}
	}
	switch {
	case c.Notifications.Configurations[configuration] == nil:
		return "", nil, refuse("ResourceNotFoundException", "there is no notification configuration "+configuration, notificationsChannelDoc)
	case own && parts.Service == "notifications-contacts" && c.Notifications.Contacts[channel] == nil:
		return "", nil, refuse("ResourceNotFoundException", "there is no contact "+channel, notificationsChannelDoc)
	case c.Notifications.Associations[key] != nil:
		return "", nil, refuse("ConflictException", "the channel is associated already: "+channel, notificationsChannelDoc)
	case channels >= notificationsChannelsMax:
		return "", nil, refuse("ServiceQuotaExceededException", fmt.Sprintf("at most %d channels in a notification configuration", notificationsChannelsMax), notificationsQuotaDoc)
	}
	c.Notifications.Associations.put(key, &notificationAssociation{configuration, channel})
	return key, props{}, nil
}

func readNotificationAssociation(c *call, id string, _ props) (props, error) {
	association, ok := c.Notifications.Associations[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications:ListChannels", association.ConfigurationARN); err != nil {
		return nil, err
	}
	return props{"arn": association.ChannelARN, "notificationConfigurationArn": association.ConfigurationARN}, nil
}

func deleteNotificationAssociation(c *call, id string, _ props) error {
	association, ok := c.Notifications.Associations[id]
	if !ok {
		return errNotFound
	}
	if err := c.may("notifications:DisassociateChannel", association.ChannelARN); err != nil {
		return err
	}
	delete(c.Notifications.Associations, id)
	return nil
}
