using System.Net;

namespace Pipeline.Scheduling.Prefect;

/// <summary>A Prefect server did not do what it was asked. The message holds no credentials.</summary>
internal sealed class PrefectException(string message, HttpStatusCode? status, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What it answered; null when it did not.</summary>
    public HttpStatusCode? Status => status;

    /// <summary>How long the server wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the same request may succeed later: nobody answered, or the server is not well. Whether it was carried out is unknown.</summary>
    public bool IsAway => status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>True when the server wants other credentials.</summary>
    public bool IsRefusal => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    public bool IsNotFound => status is HttpStatusCode.NotFound;
}
