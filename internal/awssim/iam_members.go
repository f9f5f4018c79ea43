package awssim

import (
	"fmt"
	"slices"
	"strings"
)

// iamMembers are the names of a group's users, sorted.
func (a *Account) iamMembers(group string) []string {
	members := []string{}
	for _, name := range sortedKeys(a.IAM.Users) {
		if slices.Contains(a.IAM.Users[name].Groups, group) {
			members = append(members, name)
		}
	}
	return members
}

// iamJoin puts a user into a group.
func (c *call) iamJoin(user, group string) error {
	u, g := c.IAM.Users[user], c.IAM.Groups[group]
	switch {
	case u == nil:
		return noSuchEntity("user", user)
	case g == nil:
		return noSuchEntity("group", group)
	}
	if err := c.may("iam:AddUserToGroup", g.ARN); err != nil {
		return err
	}
	if slices.Contains(u.Groups, group) {
		return nil
	}
	if len(u.Groups) >= groupsPerUser {
		return refuse("LimitExceeded", fmt.Sprintf("Cannot exceed quota for GroupsPerUser: %d", groupsPerUser), iamQuotaDoc)
	}
	u.Groups = append(u.Groups, group)
	return nil
}

// iamLeave takes a user out of a group; who is gone has left.
func (c *call) iamLeave(user, group string) error {
	u, g := c.IAM.Users[user], c.IAM.Groups[group]
	if u == nil || g == nil {
		return nil
	}
	if err := c.may("iam:RemoveUserFromGroup", g.ARN); err != nil {
		return err
	}
	u.Groups = without(u.Groups, group)
	return nil
}

// iamRegroup applies the difference between two lists.
func iamRegroup(old, in []string, join, leave func(string) error) error {
	for _, name := range in {
		if !slices.Contains(old, name) {
			if err := join(name); err != nil {
				return err
			}
		}
	}
	for _, name := range old {
		if !slices.Contains(in, name) {
			if err := leave(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *call) iamSetMembers(group string, old, in []string) error {
	return iamRegroup(old, in,
		func(user string) error { return c.iamJoin(user, group) },
		func(user string) error { return c.iamLeave(user, group) })
}

func (c *call) iamSetGroups(user string, old, in []string) error {
	return iamRegroup(old, in,
		func(group string) error { return c.iamJoin(user, group) },
		func(group string) error { return c.iamLeave(user, group) })
}

func iamCreateMembers(c *call, in props) (string, props, error) {
	return str(in, "name"), nil, c.iamSetMembers(str(in, "group"), nil, strs(in, "users"))
}

func iamReadMembers(c *call, _ string, state props) (props, error) {
	group := str(state, "group")
	if c.IAM.Groups[group] == nil {
		return nil, errNotFound
	}
	return props{"users": sameMembers(strs(state, "users"), c.iamMembers(group))}, nil
}

// sameMembers keeps the order of a list whose order does not matter.
func sameMembers(given, now []string) []string {
	a, b := slices.Sorted(slices.Values(given)), slices.Sorted(slices.Values(now))
	if slices.Equal(a, b) {
		return given
	}
	return now
}

func iamUpdateMembers(c *call, _ string, old, in props) (props, error) {
	return nil, c.iamSetMembers(str(in, "group"), strs(old, "users"), strs(in, "users"))
}

func iamDeleteMembers(c *call, _ string, state props) error {
	return c.iamSetMembers(str(state, "group"), strs(state, "users"), nil)
}

func iamCreateUserGroups(c *call, in props) (string, props, error) {
	user := str(in, "user")
	return c.hexID(26), nil, c.iamSetGroups(user, nil, strs(in, "groups"))
}

// iamReadUserGroups is imported as USER/GROUP/GROUP….
func iamReadUserGroups(c *call, id string, state props) (props, error) {
	user, listed := str(state, "user"), strs(state, "groups")
	if user == "" {
		parts := strings.Split(id, "/")
		user, listed = parts[0], parts[1:]
	}
	u := c.IAM.Users[user]
	if u == nil {
		return nil, errNotFound
	}
	var now []string // groups that the resource does not list are not its own
	for _, g := range listed {
		if slices.Contains(u.Groups, g) {
			now = append(now, g)
		}
	}
	return props{"user": user, "groups": now}, nil
}

func iamUpdateUserGroups(c *call, _ string, old, in props) (props, error) {
	return nil, c.iamSetGroups(str(in, "user"), strs(old, "groups"), strs(in, "groups"))
}

func iamDeleteUserGroups(c *call, _ string, state props) error {
	return c.iamSetGroups(str(state, "user"), strs(state, "groups"), nil)
}
