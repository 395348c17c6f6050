namespace Emqx.Mgmt.Api.Failures;

/// <summary>An EMQX error code with the status it usually comes with.</summary>
/// <param name="Code">EMQX's name, UPPER_SNAKE.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Description">What <c>GET /error_codes</c> says, and the message where an operation has none of its own.</param>
internal sealed record Failure(string Code, int Status, string Description)
{
    /// <summary>Clients compare the whole body with EMQX's: it has no <c>reason</c>.</summary>
    public bool IsBare { get; init; }

    // In the order of GET /error_codes.
    public static readonly Failure BadUsernameOrPwd = new("BAD_USERNAME_OR_PWD", 401, "Bad username or password");
    public static readonly Failure BadApiKeyOrSecret = new("BAD_API_KEY_OR_SECRET", 401, "Bad API key or secret");
    public static readonly Failure BadRequest = new("BAD_REQUEST", 400, "Request parameters are invalid");
    public static readonly Failure NotMatch = new("NOT_MATCH", 412, "Conditions are not matched");
    public static readonly Failure AlreadyExists = new("ALREADY_EXISTS", 400, "Resource already existed");
    public static readonly Failure BadConfigSchema = new("BAD_CONFIG_SCHEMA", 400, "Configuration data is invalid");
    public static readonly Failure BadListenerId = new("BAD_LISTENER_ID", 404, "Bad listener ID");
    public static readonly Failure BadNodeName = new("BAD_NODE_NAME", 400, "Bad Node Name");
    public static readonly Failure BadRpc = new("BAD_RPC", 500, "RPC Failed. Check the cluster status and the requested node status");
    public static readonly Failure BadTopic = new("BAD_TOPIC", 400, "Topic syntax error, Topic needs to comply with the MQTT protocol standard");
    public static readonly Failure ExceedLimit = new("EXCEED_LIMIT", 409, "Create resources that exceed the maximum limit or minimum limit");
    public static readonly Failure InvalidParameter = new("INVALID_PARAMETER", 400, "Request parameters is invalid and exceeds the boundary value");
    public static readonly Failure Conflict = new("CONFLICT", 409, "Conflicting request resources");
    public static readonly Failure NoDefaultValue = new("NO_DEFAULT_VALUE", 400, "Request parameters do not use default values");
    public static readonly Failure DependencyExists = new("DEPENDENCY_EXISTS", 400, "Resource is dependent by another resource");
    public static readonly Failure MessageIdSchemaError = new("MESSAGE_ID_SCHEMA_ERROR", 400, "Message ID parsing error");
    public static readonly Failure InvalidId = new("INVALID_ID", 400, "Bad ID schema");
    public static readonly Failure MessageIdNotFound = new("MESSAGE_ID_NOT_FOUND", 404, "Message ID does not exist");
    public static readonly Failure NotFound = new("NOT_FOUND", 404, "Resource was not found or does not exist");
    public static readonly Failure ClientIdNotFound = new("CLIENTID_NOT_FOUND", 404, "Client ID was not found or does not exist") { IsBare = true };
    public static readonly Failure ClientNotFound = new("CLIENT_NOT_FOUND", 404, "Client was not found or does not exist(usually not a MQTT client)");
    public static readonly Failure ResourceNotFound = new("RESOURCE_NOT_FOUND", 404, "Resource not found");
    public static readonly Failure TopicNotFound = new("TOPIC_NOT_FOUND", 404, "Topic not found");
    public static readonly Failure UserNotFound = new("USER_NOT_FOUND", 404, "User not found");
    public static readonly Failure InternalError = new("INTERNAL_ERROR", 500, "Server inter error");
    public static readonly Failure ServiceUnavailable = new("SERVICE_UNAVAILABLE", 503, "Service unavailable");
    public static readonly Failure SourceError = new("SOURCE_ERROR", 400, "Source error");
    public static readonly Failure UpdateFailed = new("UPDATE_FAILED", 400, "Update failed");
    public static readonly Failure RestFailed = new("REST_FAILED", 400, "Reset source or config failed");
    public static readonly Failure ClientNotResponse = new("CLIENT_NOT_RESPONSE", 500, "Client not responding");
    public static readonly Failure UnsupportedMediaType = new("UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported media type");

    /// <summary>The codes that <c>GET /error_codes</c> lists, in its order.</summary>
    public static readonly IReadOnlyList<Failure> Catalogue =
    [
        BadUsernameOrPwd, BadApiKeyOrSecret, BadRequest, NotMatch, AlreadyExists, BadConfigSchema, BadListenerId, BadNodeName, BadRpc,
        BadTopic, ExceedLimit, InvalidParameter, Conflict, NoDefaultValue, DependencyExists, MessageIdSchemaError, InvalidId,
        MessageIdNotFound, NotFound, ClientIdNotFound, ClientNotFound, ResourceNotFound, TopicNotFound, UserNotFound, InternalError,
        ServiceUnavailable, SourceError, UpdateFailed, RestFailed, ClientNotResponse, UnsupportedMediaType,
    ];

    // In use, but in no list of EMQX's.
    public static readonly Failure ApiKeyNotAllow = new("API_KEY_NOT_ALLOW", 401, "API keys may not use this operation");
    public static readonly Failure BadToken = new("BAD_TOKEN", 401, "Get a token by POST /login");
    public static readonly Failure TokenTimeOut = new("TOKEN_TIME_OUT", 401, "Token expired, get a new token by POST /login");
    public static readonly Failure AuthorizationHeaderError = new("AUTHORIZATION_HEADER_ERROR", 401, "Support authorization: basic/bearer ");
    public static readonly Failure WrongTokenOrUsername = new("WRONG_TOKEN_OR_USERNAME", 401, "Ensure your token & username");
    public static readonly Failure ErrorPwdNotMatch = new("ERROR_PWD_NOT_MATCH", 400, "Old password does not match");
    public static readonly Failure NotAllowed = new("NOT_ALLOWED", 400, "Operation is not allowed");
    public static readonly Failure NodeDown = new("NODE_DOWN", 500, "Node is down");
    public static readonly Failure InvalidParamter = new("INVALID_PARAMTER", 400, "Request parameters are invalid");
    public static readonly Failure InvalidNode = new("INVALID_NODE", 400, "There is no such node");
    public static readonly Failure InvalidTopicName = new("INVALID_TOPIC_NAME", 400, "A topic name has no wildcards");
    public static readonly Failure MessageNotFound = new("MESSAGE_NOT_FOUND", 404, "No message waits for that topic");
    public static readonly Failure InvalidParams = new("INVALID_PARAMS", 400, "Request parameters are invalid");
    public static readonly Failure DuplicateCondition = new("DUPLICATE_CONDITION", 409, "Another resource has the same conditions");
    public static readonly Failure Forbidden = new("FORBIDDEN", 403, "Operation is forbidden");
    public static readonly Failure BadFormData = new("BAD_FORM_DATA", 400, "The form lacks a field, or is none");
    public static readonly Failure BadPluginInfo = new("BAD_PLUGIN_INFO", 400, "The package is not what a package has to be");
    public static readonly Failure BadPosition = new("BAD_POSITION", 400, "There is no such place in the order");
    public static readonly Failure MoveFailed = new("MOVE_FAILED", 400, "Move failed");
    public static readonly Failure InvalidAccept = new("INVALID_ACCEPT", 400, "Accept names no type that is served here");
    public static readonly Failure TooManyRequests = new("TOO_MANY_REQUESTS", 429, "Too many requests");
    public static readonly Failure PayloadTooLarge = new("BAD_REQUEST", 413, "Request body too large");

    /// <summary>This failure with the words of one occurrence.</summary>
    public ApiFailure Because(string message) => new(this, Status, message);

    /// <summary>This failure where it comes with another status than its usual one, for the API's description.</summary>
    public Failure At(int status) => this with { Status = status };

    /// <summary>This failure with another status than its usual one.</summary>
    public ApiFailure As(int status, string message) => new(this, status, message);

    /// <summary>This failure in its own words.</summary>
    public ApiFailure AsIs() => new(this, Status, Description);
}
