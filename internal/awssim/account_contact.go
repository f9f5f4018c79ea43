package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// accountManagementState is what AWS Account Management keeps.
type accountManagementState struct {
	AlternateContacts table[alternateContact] // by ACCOUNT/TYPE
}

// alternateContact is whom AWS turns to beside the owner of the account.
type alternateContact struct {
	Name, Title, EmailAddress, PhoneNumber string
}

const (
	contactAPI     = "https://docs.aws.amazon.com/accounts/latest/reference/API_"
	contactEnabled = "https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html"
)

// https://docs.aws.amazon.com/accounts/latest/reference/API_AlternateContact.html
var (
	contactTypes = []string{"BILLING", "OPERATIONS", "SECURITY"}
	contactEmail = regexp.MustCompile(`^\s*[\w+=.#|!&-]+@[\w.-]+\.\w+\s*$`)
	contactPhone = regexp.MustCompile(`^[\s0-9()+-]+$`)
	// contactLongest is how many characters each property holds.
	contactLongest = map[string]int{"name": 64, "title": 50, "emailAddress": 254, "phoneNumber": 25}
)

var accountTypes = map[string]resourceType{
	"aws:account/alternativeContact:AlternativeContact": {
		check: checkContact, create: createContact, read: readContact, update: updateContact, delete: deleteContact,
	},
}

func contactInvalid(format string, args ...any) error {
	return refuse("ValidationException", fmt.Sprintf(format, args...), contactAPI+"PutAlternateContact.html")
}

// checkContact does not repeat what is personal.
func checkContact(_ *call, in props) error {
	if err := oneOf(in, "alternateContactType", "ValidationException", contactAPI+"PutAlternateContact.html", contactTypes...); err != nil {
		return err
	}
	if id := str(in, "accountId"); id != "" && !accountIDPattern.MatchString(id) {
		return contactInvalid("accountId: %q is not the id of an account", id)
	}
	for _, property := range sortedKeys(contactLongest) {
		v, known := in[property].(string)
		if n := utf8.RuneCountInString(v); known && (n == 0 || n > contactLongest[property]) {
			return contactInvalid("%s: has %d characters; allowed are 1 to %d", property, n, contactLongest[property])
		}
	}
	if v, known := in["emailAddress"].(string); known && !contactEmail.MatchString(v) {
		return contactInvalid("emailAddress: not an e-mail address of letters, digits and +=.#|!&-_ before the @")
	}
	if v, known := in["phoneNumber"].(string); known && !contactPhone.MatchString(v) {
		return contactInvalid("phoneNumber: only digits, white space and +-() are allowed")
	}
	return nil
}

// contactOwner is the account that a call is about. Only the management account of the
// organization can name one, and not itself.
// https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
func (c *call) contactOwner(account string) (string, error) {
	if account == "" {
		return c.ID, nil
	}
	o := c.Settings.Organization
	if o == nil || o.ManagementAccount != c.ID || account == c.ID || !slices.Contains(o.Accounts, account) {
		return "", refuse("AccessDeniedException", fmt.Sprintf("accountId %s: the management account can name the other accounts of its organization, "+
			"and nobody else any; leave accountId out for the caller's own account", account), contactEnabled)
	}
	return account, nil
}

// contactKey takes the id apart: TYPE or ACCOUNT/TYPE, ACCOUNT empty for the caller's own.
func (c *call) contactKey(id string) (key, account, kind string, err error) {
	account, kind, found := strings.Cut(id, "/")
	if !found {
		account, kind = "", id
	}
	owner, err := c.contactOwner(account)
	return owner + "/" + kind, account, kind, err
}

func (c *call) contactMay(action, account string) error {
	owner, err := c.contactOwner(account)
	if err != nil {
		return err
	}
	resource := c.arn("account", "", c.ID, "account")
	if o := c.Settings.Organization; owner != c.ID && o != nil {
		resource = c.arn("account", "", c.ID, "account/"+o.ID+"/"+owner)
	}
	return c.may("account:"+action, resource)
}

// putContact replaces the contact of a type: an account has one of each.
func (c *call) putContact(id string, in props) error {
	key, account, _, err := c.contactKey(id)
	if err != nil {
		return err
	}
	if err := c.contactMay("PutAlternateContact", account); err != nil {
		return err
	}
	c.AccountManagement.AlternateContacts.put(key, &alternateContact{str(in, "name"), str(in, "title"), str(in, "emailAddress"), str(in, "phoneNumber")})
	return nil
}

func createContact(c *call, in props) (string, props, error) {
	id := str(in, "accountId") + "/" + str(in, "alternateContactType")
	return id, props{}, c.putContact(id, in)
}

func readContact(c *call, id string, _ props) (props, error) {
	key, account, kind, err := c.contactKey(id)
	if err != nil {
		return nil, err
	}
	contact := c.AccountManagement.AlternateContacts[key]
	if contact == nil {
		return nil, errNotFound
	}
	return props{
		"accountId": orNil(account), "alternateContactType": kind, "name": contact.Name, "title": contact.Title,
		"emailAddress": contact.EmailAddress, "phoneNumber": contact.PhoneNumber,
	}, c.contactMay("GetAlternateContact", account)
}

func updateContact(c *call, id string, _, in props) (props, error) {
	return props{}, c.putContact(id, in)
}

func deleteContact(c *call, id string, _ props) error {
	key, account, _, err := c.contactKey(id)
	if err != nil {
		return err
	}
	if c.AccountManagement.AlternateContacts[key] == nil {
		return errNotFound
	}
	if err := c.contactMay("DeleteAlternateContact", account); err != nil {
		return err
	}
	delete(c.AccountManagement.AlternateContacts, key)
	return nil
}
