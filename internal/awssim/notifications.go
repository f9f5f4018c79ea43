package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// notificationsState is what AWS User Notifications and its contacts keep. Hubs are kept
// by Region, associations under associationKey, everything else under its ARN.
type notificationsState struct {
	Hubs           table[notificationHub]
	Configurations table[notificationConfiguration]
	Rules          table[notificationRule]
	Contacts       table[notificationContact]
	Associations   table[notificationAssociation]
}

// notificationHub is a Region that stores notifications.
type notificationHub struct{ Region string }

// notificationConfiguration joins event rules and channels.
type notificationConfiguration struct {
	ARN, Name  string
	Properties props
}

// notificationRule picks events in some Regions.
type notificationRule struct {
	ARN, ConfigurationARN string
	Source, EventType     string
	Pattern               string // "": source and event type alone
	Regions               []string
	Properties            props
}

// notificationContact is an e-mail address.
type notificationContact struct {
	ARN, Name, Address string
	Active             bool // the address was activated by the code in the mail: gets no mails before
	Properties         props
}

// notificationAssociation makes a contact a channel of a configuration.
type notificationAssociation struct{ ConfigurationARN, ChannelARN string }

const (
	notificationsQuotaDoc      = "https://docs.aws.amazon.com/notifications/latest/userguide/user-notifications-quotas.html"
	notificationsRegionsDoc    = "https://docs.aws.amazon.com/notifications/latest/userguide/supported-regions.html"
	notificationsHubDoc        = "https://docs.aws.amazon.com/notifications/latest/APIReference/API_RegisterNotificationHub.html"
	notificationsLastHubDoc    = "https://docs.aws.amazon.com/notifications/latest/APIReference/API_DeregisterNotificationHub.html"
	notificationsHubsDoc       = "https://docs.aws.amazon.com/notifications/latest/userguide/notification-hubs.html"
	notificationsConfigureDoc  = "https://docs.aws.amazon.com/notifications/latest/APIReference/API_CreateNotificationConfiguration.html"
	notificationsRuleDoc       = "https://docs.aws.amazon.com/notifications/latest/APIReference/API_CreateEventRule.html"
	notificationsFilterDoc     = "https://docs.aws.amazon.com/notifications/latest/userguide/common-usecases.html"
	notificationsChannelDoc    = "https://docs.aws.amazon.com/notifications/latest/APIReference/API_AssociateChannel.html"
	notificationsContactDoc    = "https://docs.aws.amazon.com/notificationscontacts/latest/APIReference/API_CreateEmailContact.html"
	notificationsHubsMax       = 3
	notificationsMax           = 50
	notificationsPerServiceMax = 20
	notificationsPerTypeMax    = 10
	notificationsRulesMax      = 10
	notificationsChannelsMax   = 50
	notificationsPatternMax    = 4096
)

var notificationsTypes = map[string]resourceType{
	"aws:notifications/notificationHub:NotificationHub": {
		check:  checkNotifications,
		create: createNotificationHub,
		read:   readNotificationHub,
		delete: deleteNotificationHub,
	},
	"aws:notifications/notificationConfiguration:NotificationConfiguration": {
		check:  checkNotificationConfiguration,
		create: createNotificationConfiguration,
		read:   readNotificationConfiguration,
		update: updateNotificationConfiguration,
		delete: deleteNotificationConfiguration,
	},
	"aws:notifications/eventRule:EventRule": {
		check:  checkNotificationRule,
		create: createNotificationRule,
		read:   readNotificationRule,
		update: updateNotificationRule,
		delete: deleteNotificationRule,
	},
	"aws:notifications/contactsEmailContact:ContactsEmailContact": {
		check:  checkNotificationContact,
		create: createNotificationContact,
		read:   readNotificationContact,
		update: updateNotificationContact,
		delete: deleteNotificationContact,
	},
	"aws:notifications/channelAssociation:ChannelAssociation": {
		check:  checkNotifications,
		create: createNotificationAssociation,
		read:   readNotificationAssociation,
		delete: deleteNotificationAssociation,
	},
}

// checkNotifications refuses what the partition does not have.
func checkNotifications(c *call, _ props) error {
	return c.partitionLacks("AWS User Notifications", notificationsRegionsDoc, "aws-cn", "aws-us-gov")
}

func invalidNotification(doc, format string, args ...any) error {
	return refuse("ValidationException", fmt.Sprintf(format, args...), doc)
}

// notificationsID is the id of a thing: 27 lower-case letters and digits.
func (a *Account) notificationsID() string { return strings.ToLower(a.upperID(27)) }

// Hubs.

func createNotificationHub(c *call, in props) (string, props, error) {
	region := str(in, "notificationHubRegion")
	if err := c.may("notifications:RegisterNotificationHub", "*"); err != nil {
		return "", nil, err
	}
	switch {
	case !c.regionEnabled(region):
		return "", nil, invalidNotification(notificationsHubDoc, "notificationHubRegion: %q is not an enabled Region", region)
	case c.Notifications.Hubs[region] != nil:
		return "", nil, refuse("ConflictException", "a notification hub is registered in "+region+" already", notificationsHubDoc)
	case len(c.Notifications.Hubs) >= notificationsHubsMax:
		return "", nil, refuse("ServiceQuotaExceededException", fmt.Sprintf("an account has at most %d notification hubs", notificationsHubsMax), notificationsHubDoc)
	}
	c.Notifications.Hubs.put(region, &notificationHub{region})
	return region, props{}, nil
}

func readNotificationHub(c *call, id string, _ props) (props, error) {
	if c.Notifications.Hubs[id] == nil {
		return nil, errNotFound
	}
	if err := c.may("notifications:ListNotificationHubs", "*"); err != nil {
		return nil, err
	}
	return props{"notificationHubRegion": id}, nil
}

func deleteNotificationHub(c *call, id string, _ props) error {
	if c.Notifications.Hubs[id] == nil {
		return errNotFound
	}
	if err := c.may("notifications:DeregisterNotificationHub", "*"); err != nil {
		return err
	}
	if len(c.Notifications.Hubs) == 1 {
		return refuse("ConflictException", "the last notification hub of an account cannot be deregistered", notificationsLastHubDoc)
	}
	delete(c.Notifications.Hubs, id)
	return nil
}

// Configurations.

var notificationsName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func checkNotificationConfiguration(c *call, in props) error {
	if err := checkNotifications(c, in); err != nil {
		return err
	}
	if name := str(in, "name"); name != "" && !notificationsName.MatchString(name) {
		return invalidNotification(notificationsConfigureDoc, "name: %q does not match %s", name, notificationsName)
	}
	if text := str(in, "description"); len(text) > 256 || strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r >= 0x7f && r <= 0x9f }) {
		return invalidNotification(notificationsConfigureDoc, "description: at most 256 characters, no control characters")
	}
	if v := str(in, "aggregationDuration"); v != "" && !slices.Contains([]string{"LONG", "SHORT", "NONE"}, v) {
		return invalidNotification(notificationsConfigureDoc, "aggregationDuration: %q is none of LONG, SHORT, NONE", v)
	}
	return nil
}

func createNotificationConfiguration(c *call, in props) (string, props, error) {
	if err := c.may("notifications:CreateNotificationConfiguration", "*"); err != nil {
		return "", nil, err
	}
	switch {
	case len(c.Notifications.Hubs) == 0:
		return "", nil, refuse("ConflictException", "the account has no notification hub; register one first", notificationsHubsDoc)
	case len(c.Notifications.Configurations) >= notificationsMax:
		return "", nil, refuse("ServiceQuotaExceededException", fmt.Sprintf("an account has at most %d notification configurations", notificationsMax), notificationsQuotaDoc)
	}
	configuration := &notificationConfiguration{
		ARN: c.arn("notifications", "", c.ID, "configuration/"+c.notificationsID()), Name: str(in, "name"), Properties: stored(in),
	}
	c.Notifications.Configurations.put(configuration.ARN, configuration)
	return configuration.ARN, configuration.outputs(), nil
}

func (n *notificationConfiguration) outputs() props {
	out := withDefaults(n.Properties, props{"aggregationDuration": "NONE"})
	out["arn"] = n.ARN
	return out
}

func readNotificationConfiguration(c *call, id string, _ props) (props, error) {
	configuration, ok := c.Notifications.Configurations[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications:GetNotificationConfiguration", id); err != nil {
		return nil, err
	}
	return configuration.outputs(), nil
}

func updateNotificationConfiguration(c *call, id string, _, in props) (props, error) {
	configuration, ok := c.Notifications.Configurations[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("notifications:UpdateNotificationConfiguration", id); err != nil {
		return nil, err
	}
	configuration.Name, configuration.Properties = str(in, "name"), stored(in)
	return configuration.outputs(), nil
}

// deleteNotificationConfiguration takes the rules and associations along.
func deleteNotificationConfiguration(c *call, id string, _ props) error {
	if c.Notifications.Configurations[id] == nil {
		return errNotFound
	}
	if err := c.may("notifications:DeleteNotificationConfiguration", id); err != nil {
		return err
	}
	for arn, rule := range c.Notifications.Rules {
		if rule.ConfigurationARN == id {
			delete(c.Notifications.Rules, arn)
		}
	}
	for key, association := range c.Notifications.Associations {
		if association.ConfigurationARN == id {
			delete(c.Notifications.Associations, key)
		}
	}
	delete(c.Notifications.Configurations, id)
	return nil
}
