package awssim

import (
	"fmt"
	"math"
)

// iamPasswordPolicy is the account's own password policy. The zero value of a number
// is the absence of the rule.
type iamPasswordPolicy struct {
	MinimumLength, MaxAge, ReusePrevention float64 // characters, days, passwords
	Lowercase, Uppercase, Numbers, Symbols bool
	AllowUsersToChange, HardExpiry         bool
}

const (
	iamPasswordID  = "iam-account-password-policy"
	iamPasswordDoc = iamDoc + "API_UpdateAccountPasswordPolicy.html"
)

// iamPasswordBounds are the least and most that the numbers can be.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
var iamPasswordBounds = map[string][2]float64{
	"minimumPasswordLength":   {6, 128},
	"maxPasswordAge":          {1, 1095},
	"passwordReusePrevention": {1, 24},
}

var iamPasswordType = resourceType{
	check: iamCheckPassword,
	create: func(c *call, in props) (string, props, error) {
		out, err := c.iamSetPassword(props{}, in)
		return iamPasswordID, out, err
	},
	read: func(c *call, _ string, _ props) (props, error) {
		p := c.IAM.PasswordPolicy
		if p == nil {
			return nil, errNotFound
		}
		return p.props(), c.may("iam:GetAccountPasswordPolicy", "*")
	},
	update: func(c *call, _ string, old, in props) (props, error) { return c.iamSetPassword(old, in) },
	delete: func(c *call, _ string, _ props) error {
		if c.IAM.PasswordPolicy == nil {
			return errNotFound
		}
		if err := c.may("iam:DeleteAccountPasswordPolicy", "*"); err != nil {
			return err
		}
		c.IAM.PasswordPolicy = nil // AWS's default policy is in force again
		return nil
	},
}

func iamCheckPassword(_ *call, in props) error {
	for _, property := range sortedKeys(iamPasswordBounds) {
		bounds := iamPasswordBounds[property]
		// The provider does not send 0, which is the absence of the rule.
		if n, known := number(in[property]); known && n != 0 && (n < bounds[0] || n > bounds[1] || n != math.Trunc(n)) {
			return refuse("ValidationError", fmt.Sprintf("%s %v: a whole number of %v to %v", property, n, bounds[0], bounds[1]), iamPasswordDoc)
		}
	}
	return nil
}

// iamSetPassword replaces the policy, somebody else's included: an account has one. What
// the program leaves out, the provider sends again as it was.
func (c *call) iamSetPassword(old, in props) (props, error) {
	if err := c.may("iam:UpdateAccountPasswordPolicy", "*"); err != nil {
		return nil, err
	}
	wanted := func(property string) props {
		if present(in, property) {
			return in
		}
		return old
	}
	rule := func(property string) bool { return flag(wanted(property), property, false) }
	bound := func(property string) float64 { return num(wanted(property), property) }
	p := &iamPasswordPolicy{
		MinimumLength: 6, MaxAge: bound("maxPasswordAge"), ReusePrevention: bound("passwordReusePrevention"),
		Lowercase: rule("requireLowercaseCharacters"), Uppercase: rule("requireUppercaseCharacters"),
		Numbers: rule("requireNumbers"), Symbols: rule("requireSymbols"),
		AllowUsersToChange: flag(in, "allowUsersToChangePassword", true), HardExpiry: rule("hardExpiry"),
	}
	if n := num(in, "minimumPasswordLength"); n != 0 {
		p.MinimumLength = n
	}
	c.IAM.PasswordPolicy = p
	return p.props(), nil
}

func (p *iamPasswordPolicy) props() props {
	return props{
		"minimumPasswordLength": p.MinimumLength, "maxPasswordAge": p.MaxAge, "passwordReusePrevention": p.ReusePrevention,
		"requireLowercaseCharacters": p.Lowercase, "requireUppercaseCharacters": p.Uppercase,
		"requireNumbers": p.Numbers, "requireSymbols": p.Symbols,
		"allowUsersToChangePassword": p.AllowUsersToChange, "hardExpiry": p.HardExpiry, "expirePasswords": p.MaxAge > 0,
	}
}
