using System.Net.Http.Headers;
using System.Text;

namespace Pipeline.Scheduling.Prefect;

/// <summary>How the worker proves who it is. Shown nowhere.</summary>
internal sealed class PrefectCredentials
{
    private PrefectCredentials(AuthenticationHeaderValue? header) => Header = header;

    public static PrefectCredentials None { get; } = new(null);

    public AuthenticationHeaderValue? Header { get; }

    /// <summary>What a server of one's own asks for: <c>user:password</c>.</summary>
    public static PrefectCredentials Basic(string userAndPassword) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword))));

    /// <summary>What Prefect Cloud asks for.</summary>
    public static PrefectCredentials ApiKey(string key) => new(new AuthenticationHeaderValue("Bearer", key));

    public override string ToString() => Header is null ? "no credentials" : "credentials";
}
