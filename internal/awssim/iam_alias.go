package awssim

import (
	"fmt"
	"regexp"
	"slices"
)

const iamAliasDoc = iamDoc + "API_CreateAccountAlias.html"

// iamAliasPattern: no hyphen at either end, nor two in a row.
var iamAliasPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

var iamAliasType = resourceType{check: iamCheckAlias, create: iamCreateAlias, read: iamReadAlias, delete: iamDeleteAlias}

func iamCheckAlias(_ *call, in props) error {
	alias, ok := in["accountAlias"].(string)
	if ok && (len(alias) < 3 || len(alias) > 63 || !iamAliasPattern.MatchString(alias)) {
		return refuse("ValidationError", fmt.Sprintf("accountAlias %q: 3 to 63 lower-case letters, digits and hyphens, "+
			"no hyphen at either end, no two in a row", alias), iamAliasDoc)
	}
	return nil
}

// iamCreateAlias gives the account its alias. The account has one; a new one takes the
// place of the old one. An alias is unique in the partition.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/console-account-alias.html
func iamCreateAlias(c *call, in props) (string, props, error) {
	alias := str(in, "accountAlias")
	if err := c.may("iam:CreateAccountAlias", "*"); err != nil {
		return "", nil, err
	}
	if alias == c.IAM.Alias || slices.Contains(c.Settings.TakenAliases, alias) {
		return "", nil, refuse("EntityAlreadyExists", fmt.Sprintf("The account alias %s already exists.", alias), iamAliasDoc)
	}
	c.IAM.Alias = alias
	return alias, props{}, nil
}

func iamReadAlias(c *call, _ string, _ props) (props, error) {
	if c.IAM.Alias == "" {
		return nil, errNotFound
	}
	return props{"accountAlias": c.IAM.Alias}, c.may("iam:ListAccountAliases", "*")
}

func iamDeleteAlias(c *call, id string, _ props) error {
	if c.IAM.Alias != id {
		return errNotFound
	}
	if err := c.may("iam:DeleteAccountAlias", "*"); err != nil {
		return err
	}
	c.IAM.Alias = ""
	return nil
}
