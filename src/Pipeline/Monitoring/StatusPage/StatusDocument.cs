namespace Pipeline.Monitoring.StatusPage;

/// <summary>One message to the page: always the whole picture, so that who misses some has missed nothing.</summary>
internal sealed record StatusDocument(StatusProgram Program, StatusReading Now, StatusChart Chart);
