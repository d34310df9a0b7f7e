namespace Pipeline.Tests.Harness;

/// <param name="Rules">Redis ACL rules, space separated. Default: everything.</param>
public sealed record RedisAclUser(string Name, string Password, string Rules = "~* &* +@all");
