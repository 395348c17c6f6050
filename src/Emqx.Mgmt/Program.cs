using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage.InMemory;
using Emqx.Mgmt.Api;
using Emqx.Mgmt.Api.Security;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(services => new NodeIdentity("emqx@127.0.0.1", services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(), ":memory:"));
builder.Services.AddSingleton(new SettingsRoot<ApiSettings>(new ApiSettings { BootstrapFile = builder.Configuration["EMQX_API_KEY__BOOTSTRAP_FILE"] ?? "" }));
builder.Services.AddInMemoryStorage();
builder.Services.AddManagementApi();
var app = builder.Build();
app.MapManagementApi();
app.Run();
