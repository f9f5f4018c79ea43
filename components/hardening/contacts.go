package hardening

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/account"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// contactTypes are AWS's words for the contacts
// (https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html).
var contactTypes = map[Name]string{SecurityContact: "SECURITY", BillingContact: "BILLING", OperationsContact: "OPERATIONS"}

// of returns the contact of a row, nil when there is none.
func (c Contacts) of(row Name) *Contact {
	return map[Name]*Contact{SecurityContact: c.Security, BillingContact: c.Billing, OperationsContact: c.Operations}[row]
}

// contactRow is the row of an alternate contact.
func contactRow(name Name, field, setting, gets string, cis3, cis5, cis7, securityHub []string) Hardening {
	return Hardening{
		Name: name, Scope: PerAccount, From: onRequest, Switch: "Contacts." + field, Setting: "contacts." + setting,
		Does: "an alternate contact that gets " + gets,
		CIS3: cis3, CIS5: cis5, CIS7: cis7, SecurityHub: securityHub, SSB: []string{"ACCT.01"},
		Destroy:  "the contact is gone; AWS writes to the owner of the account only",
		Source:   "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
		feature:  partition.AlternateContacts,
		wanted:   func(a *AccountHardeningArgs) bool { return a.Contacts.of(name) != nil },
		importID: imported(contactTypes[name]),
		declare: func(b *builder, _ string, opts ...pulumi.ResourceOption) error {
			return b.newContact(name, opts...)
		},
	}
}

func (b *builder) newContact(row Name, opts ...pulumi.ResourceOption) error {
	contact := b.args.Contacts.of(row)
	_, err := account.NewAlternativeContact(b.ctx, b.name+"-"+string(row), &account.AlternativeContactArgs{
		AlternateContactType: pulumi.String(contactTypes[row]),
		Name:                 pulumi.String(strings.TrimSpace(contact.Name)),
		Title:                pulumi.String(strings.TrimSpace(contact.Title)),
		EmailAddress:         pulumi.String(strings.TrimSpace(contact.Email)),
		PhoneNumber:          pulumi.String(strings.TrimSpace(contact.Phone)),
	}, opts...)
	return err
}
